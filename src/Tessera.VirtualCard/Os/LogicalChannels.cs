using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>The four channels of the contacts and MANAGE CHANNEL (ISO/IEC 7816-4 §5.4.1 and §5.4.2).</summary>
/// <remarks>
/// <code>
/// CLA  000 c ss nn   interindustry       c chaining   ss secure messaging   nn number of the channel
///      100 c ss nn   of the applets      the same
///      01s c nnnn    channels 4 to 19, which are not here
/// </code>
/// The basic channel, 0, is always open. All others are closed after a reset, and by MANAGE CHANNEL only.
/// </remarks>
internal sealed class LogicalChannels(CardPrograms programs)
{
    public const int Count = 4;

    private const byte ManageChannel = 0x70;
    private const byte Open = 0x00;
    private const byte Close = 0x80;
    private const byte NumberBits = 0x03;
    private const byte SecurityBits = 0x0C;

    private static readonly StatusWord WasClosed = new(0x6200);
    private static readonly StatusWord NoneLeft = new(0x6A81);

    private readonly AppletChannel[] _channels =
        [.. Enumerable.Range(0, Count).Select(number => new AppletChannel(number, programs))];

    private readonly bool[] _isOpen = [true, .. new bool[Count - 1]];

    /// <summary>Null for a class that this card can answer.</summary>
    public static StatusWord? RefuseClass(byte cla) => (cla & 0xE0) switch
    {
        0x00 or 0x80 => null,
        0x40 => OsStatus.LogicalChannelNotSupported,
        0x60 => OsStatus.SecureMessagingNotSupported,
        _ => StatusWord.ClassNotSupported,
    };

    /// <summary>It names a channel from 4 on: none of those that are here has to do with it.</summary>
    private static bool IsBeyond(byte cla) => (cla & 0xC0) == 0x40;

    public static int NumberIn(byte cla) => cla & NumberBits;

    public static bool IsSecured(byte cla) => (cla & SecurityBits) != 0;

    /// <summary>One command of the host, on the channel that its CLA names.</summary>
    public ResponseApdu Execute(ref CommandApdu command)
    {
        if (RefuseClass(command.Cla) is { } refused)
            return IsBeyond(command.Cla) ? new ResponseApdu(refused) : Refuse(refused);
        var number = NumberIn(command.Cla);
        if (!_isOpen[number]) return new ResponseApdu(OsStatus.LogicalChannelNotSupported);

        var channel = _channels[number];
        if (command is { Ins: ManageChannel, IsChained: false } && (command.Cla & ~NumberBits) == 0)
            return channel.Answer(Manage(command, number), command.Le);

        if (number != 0) command = command with { Cla = (byte)(command.Cla & ~NumberBits) };
        return channel.Execute(ref command);
    }

    /// <summary>What is no command for this card: it ends the chain and the waiting answer of the basic channel.</summary>
    public ResponseApdu Refuse(StatusWord status) => _channels[0].Refuse(status);

    /// <summary>Power is gone: the basic channel alone is open.</summary>
    public void Forget()
    {
        foreach (var channel in _channels) channel.Forget();
        _isOpen.AsSpan(1).Clear();
        programs.Current.Number = 0;
    }

    private ResponseApdu Manage(CommandApdu command, int origin) => command switch
    {
        { Data.Length: not 0 } => new ResponseApdu(StatusWord.WrongLength),
        { P1: Open, P2: 0 } => OpenFirst(origin),
        { P1: Open, P2: < Count } when !_isOpen[command.P2] => new ResponseApdu(OpenThat(command.P2, origin)),
        { P1: Close, P2: 0 } when origin != 0 => new ResponseApdu(CloseThat(origin)),
        { P1: Close, P2: > 0 and < Count } => new ResponseApdu(CloseThat(command.P2)),
        _ => new ResponseApdu(StatusWord.IncorrectP1P2),
    };

    private ResponseApdu OpenFirst(int origin)
    {
        var free = Array.IndexOf(_isOpen, false);
        if (free < 0) return new ResponseApdu(NoneLeft);
        var status = OpenThat(free, origin);
        return new ResponseApdu(status.IsSuccess ? new Bytes((byte[])[(byte)free]) : Bytes.Empty, status);
    }

    /// <summary>From the basic channel it is as after a reset, from another its selection is that of the other.</summary>
    private StatusWord OpenThat(int number, int origin)
    {
        programs.Current.Number = origin;
        var selected = origin == 0 ? null : programs.Selected;
        programs.Current.Number = number;
        var isThere = selected is null
            || (selected == programs.Files ? programs.Files.TryBegin(origin) : programs.TrySelect(selected));
        if (!isThere) return StatusWord.ConditionsNotSatisfied;
        _isOpen[number] = true;
        return StatusWord.Success;
    }

    private StatusWord CloseThat(int number)
    {
        if (!_isOpen[number]) return WasClosed;
        _channels[number].Close();
        _isOpen[number] = false;
        return StatusWord.Success;
    }
}
