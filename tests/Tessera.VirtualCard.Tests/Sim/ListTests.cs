using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>Lists of choices that the toolkit applet keeps (docs/protocols/script.md §8).</summary>
public sealed class ListTests : IDisposable
{
    private const byte Purse = 1;
    private const byte Settings = 2;

    private static readonly ProactiveCommand Stops = ProactiveCommand.SelectItem("Where to?", "Centre", "Airport");
    private static readonly ProactiveCommand Days = ProactiveCommand.SelectItem("When?", "today", "tomorrow");
    private static readonly ListVersion Name = new(7, 0x0102);

    private readonly SimWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_list_that_was_told_is_in_the_next_opening_and_shown_when_it_is_named()
    {
        Assert.Empty(Open().Lists);
        Assert.Null(Tell(Stops).Stopped);
        _world.Phone.SwitchOn();

        Assert.Equal([Name], Open().Lists);
        Assert.Null(Send(new CachedListStep(Name.Id, Name.Version)).Stopped);
        Assert.Equal(Stops, Shown);
        Assert.Null(Send(CachedListStep.Titled(Name, "And now?"), number: 2).Stopped);
        Assert.Equal(ProactiveCommand.SelectItem("And now?", "Centre", "Airport"), Shown);
    }

    [Fact]
    public void A_list_that_was_told_serves_the_next_script_of_its_session()
    {
        Open();
        Tell(Stops);

        Assert.Null(Send(new CachedListStep(Name.Id, Name.Version), number: 2).Stopped);
        Assert.Equal(Stops, Shown);
    }

    [Fact]
    public void Another_version_takes_the_place_and_the_stale_one_is_gone()
    {
        Open();
        Tell(Stops);
        Tell(Days, name: new ListVersion(Name.Id, 0x0103), number: 2);
        Assert.Equal([new ListVersion(Name.Id, 0x0103)], Open().Lists);

        var asked = _world.Phone.Commands.Count;
        var answer = Send(new CachedListStep(Name.Id, Name.Version));

        Assert.Equal(new Stopped(StopReason.NoSuchList, 1), answer.Stopped);
        Assert.Equal([CommandType.SendShortMessage], _world.Phone.Commands.Skip(asked).Select(command => command.Type));
    }

    [Fact]
    public void What_is_not_there_moves_nothing()
    {
        var opening = Open();
        var script = Shop.Purchase(opening);
        var named = script with
        {
            Steps = [new CachedListStep(Name.Id, Name.Version), .. script.Steps.Skip(1)],
        };
        _world.Send(Bytes.Of(named));

        Assert.Equal(new Stopped(StopReason.NoSuchList, 1), _world.Gateway.LastAnswer.Stopped);
        Assert.Equal(Shop.Balance, _world.Balance.Balance);
        _world.Send(Bytes.Of(Shop.Purchase(opening, number: 2)));
        Assert.Equal("6985", ((CardResult)_world.Gateway.LastAnswer.Results[^1]).Answer.Status.ToString());
        Assert.Equal(Shop.Balance, _world.Balance.Balance);
    }

    [Fact]
    public void A_purchase_from_a_named_list_is_paid_and_proven()
    {
        var list = (ToolkitStep)Shop.Purchase(Open()).Steps[0];
        Tell(list.Command);
        var opening = Open();
        var whole = Shop.Purchase(opening);
        var named = whole with { Steps = [new CachedListStep(Name.Id, Name.Version), .. whole.Steps.Skip(1)] };

        _world.Send(Bytes.Of(named));

        var payment = Shop.Paid(opening, whole, _world.Gateway.Received[^1]);
        Assert.Equal((320u, "Centre 3.20"), (payment!.Amount, payment.Item));
        Assert.Equal(Shop.Balance - 320, _world.Balance.Balance);
    }

    [Fact]
    public void A_list_belongs_to_the_application_that_told_it()
    {
        Open();
        Tell(Stops);

        Assert.Empty(Open(Settings).Lists);
        Assert.Equal(StopReason.NoSuchList, Send(new CachedListStep(Name.Id, Name.Version)).Stopped!.Reason);
        Tell(Days, number: 2);
        Assert.Equal([Name], Open(Settings).Lists);
        Assert.Equal([Name], Open().Lists);
        Send(new CachedListStep(Name.Id, Name.Version));
        Assert.Equal(Stops, Shown);
    }

    [Fact]
    public void Eight_lists_are_kept_and_the_first_goes_first()
    {
        Open();
        for (byte i = 1; i <= 9; i++) Tell(Stops, new ListVersion(i, i), number: i);

        Assert.Equal(Enumerable.Range(2, 8).Select(i => new ListVersion((byte)i, (ushort)i)), Open().Lists);
        Assert.Equal(StopReason.NoSuchList, Send(new CachedListStep(1, 1)).Stopped!.Reason);
        Assert.Null(Send(new CachedListStep(9, 9), number: 2).Stopped);
    }

    [Fact]
    public void Lists_are_told_as_far_as_they_cost_no_other_message()
    {
        Open();
        for (byte i = 1; i <= 8; i++) Tell(Stops, new ListVersion(i, i), number: i);
        var sent = _world.Phone.Sent;

        var known = Open();
        Assert.Equal((8, true), (known.Lists.Count, known.Profile.IsDigest));
        Assert.Equal(sent + 1, _world.Phone.Sent);

        _world.Sim.Os.Reset();
        _world.Phone.Exchange(Gateway.Command(0x10, Bytes.FromHex($"{TestSim.Profile}0001")));
        var unknown = Open();
        Assert.Equal(sent + 2, _world.Phone.Sent);
        Assert.False(unknown.Profile.IsDigest);
        Assert.InRange(unknown.Lists.Count, 1, 7);
        Assert.Equal(known.Lists.TakeLast(unknown.Lists.Count), unknown.Lists);
    }

    [Fact]
    public void A_list_that_one_FETCH_cannot_carry_is_not_kept()
    {
        Open();
        var long1 = ProactiveCommand.SelectItem("?", [.. Enumerable.Range(0, 8).Select(_ => new string('x', 30))]);

        Assert.Equal(StopReason.Limit, Tell(long1).Stopped!.Reason);
        Assert.Empty(Open().Lists);
    }

    [Fact]
    public void What_is_not_authentic_or_late_is_not_kept()
    {
        var opening = Open();
        var later = Open();
        _world.Send(Bytes.Of(Telling(Stops, Name, opening.Session, 1)));
        Assert.Equal(StopReason.SessionNotOpen, _world.Gateway.LastAnswer.Stopped!.Reason);

        var packet = _world.Gateway.Wrap(Bytes.Of(Telling(Stops, Name, later.Session, 1))).ToArray();
        packet[^1] ^= 1;
        var received = _world.Gateway.Received.Count;
        _world.Phone.Deliver(Gateway.Envelopes(new Bytes(packet)));

        Assert.Equal(received, _world.Gateway.Received.Count);
        Assert.Empty(Open().Lists);
    }

    /// <summary>Images outlive programs: one from before there were lists has no cells for them.</summary>
    [Fact]
    public void A_SIM_without_room_for_lists_shows_what_it_is_told_and_keeps_nothing()
    {
        using var world = new SimWorld(WithoutLists(Shop.LoadedImage()));
        var opening = world.Open();
        world.Send(Bytes.Of(Telling(Stops, Name, opening.Session, 1)));
        Assert.Null(world.Gateway.LastAnswer.Stopped);
        Assert.Contains(Stops, world.Phone.Commands);

        var next = world.Open();
        Assert.Empty(next.Lists);
        world.Send(Bytes.Of(new ScriptBuilder().ShowList(Name.Id, Name.Version, out _).Build(next.Session, 1)));
        Assert.Equal(StopReason.NoSuchList, world.Gateway.LastAnswer.Stopped!.Reason);
    }

    internal static CommandScript Telling(ProactiveCommand list, ListVersion name, ushort session, byte number) =>
        new ScriptBuilder().KeepList(name.Id, name.Version, list, out _).Build(session, number);

    private static byte[] WithoutLists(byte[] image)
    {
        var old = new CutMedium(image);
        using var memory = CardMemory.Open(old);
        var cells = ImageHeader.Read(old).Cells.Values
            .Where(cell => cell.Id is not (CellId.Lists or (>= CellId.List and < CellId.List + Opening.MaxLists)))
            .Select(cell => new NewCell(cell.Id, cell.Capacity, Bytes.CopyOf(memory.Read(cell.Id)))).ToArray();
        var medium = new CutMedium();
        CardMemory.Format(medium, cells);
        return medium.Image;
    }

    private ProactiveCommand Shown => _world.Phone.Commands.Last(command => command.Type == CommandType.SelectItem);

    private Opening Open(byte item = Purse)
    {
        _world.Phone.Choose(item);
        return _world.Gateway.LastOpening;
    }

    private ResponseScript Tell(ProactiveCommand list, ListVersion? name = null, byte number = 1)
    {
        var (id, version) = name ?? Name;
        return Send(new CachedListStep(id, version, list), number);
    }

    private ResponseScript Send(ScriptStep step, byte number = 1)
    {
        var session = _world.Gateway.Received.Last(one => one.Span[0] == 0xE3).Read<Opening>().Session;
        _world.Send(Bytes.Of(new CommandScript(session, number, [step])));
        return _world.Gateway.LastAnswer;
    }
}
