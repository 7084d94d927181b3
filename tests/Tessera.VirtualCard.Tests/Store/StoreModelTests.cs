using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Store;

/// <summary>What happened to a card in a run of <see cref="StoreModelRun"/>.</summary>
internal sealed record StoreModelCounts(
    int Taken = 0, int Replayed = 0, int Tampered = 0, int Full = 0, int CutBefore = 0, int CutAfter = 0, int Hidden = 0,
    int Told = 0);

/// <summary>
/// A card against a dictionary: commands in random order, old ones again, tampered ones, and power that goes at any
/// step. The card has what the dictionary has, whatever comes.
/// </summary>
internal sealed class StoreModelRun : IDisposable
{
    private static readonly CommandApdu Verify = new(0x00, 0x20, 0x00, 0x80, Bytes.FromHex("313233343536FFFF"));
    private static readonly byte[] Ids = [1, 2, .. Enumerable.Range(0xE0, 16).Select(id => (byte)id)];

    private readonly Random _random;
    private readonly StoreIssuer _issuer = new();
    private readonly List<CommandApdu> _sent = [];
    private readonly SortedDictionary<byte, Field> _fields = new()
    {
        [1] = new Field(1, Bytes.CopyOf("en"u8), default),
    };

    private CutMedium _medium = new(TestCard.NewImage());
    private TestCard _card;
    private bool _isHolder;
    private StoreModelCounts _counts = new();

    private StoreModelRun(int seed)
    {
        _random = new Random(seed);
        _card = TestCard.Open(_medium);
        _card.Send(StoreCommands.Select);
    }

    public static StoreModelCounts Run(int seed, int steps)
    {
        using var run = new StoreModelRun(seed);
        for (var i = 0; i < steps; i++) run.Step();
        return run._counts;
    }

    public void Dispose()
    {
        _card.Dispose();
        _issuer.Dispose();
    }

    private void Step()
    {
        switch (_random.Next(10))
        {
            case 0 when _sent.Count > 0:
                Replay();
                break;
            case 1:
                Tamper();
                break;
            case 2:
                Cut();
                break;
            case 3:
                if (_random.Next(2) == 0) Restart();
                else _isHolder = _card.Send(Verify).Status.IsSuccess;
                break;
            case < 7:
                Change();
                break;
            default:
                Read(Ids[_random.Next(Ids.Length)]);
                break;
        }
    }

    private void Change()
    {
        var order = NewOrder();
        var isFull = !_fields.ContainsKey(order.Id) && _fields.Count == StoreCommands.MaxFields;
        var status = _card.Send(order.Command).Status;
        Assert.Equal(isFull ? StatusWord.NotEnoughMemory : StatusWord.Success, status);
        if (isFull) _counts = _counts with { Full = _counts.Full + 1 };
        else Take(order);
        List();
    }

    private void Replay()
    {
        Assert.Equal("6985", _card.Send(_sent[_random.Next(_sent.Count)]).Status.ToString());
        _counts = _counts with { Replayed = _counts.Replayed + 1 };
        List();
    }

    /// <summary>One bit of a command that would be taken: P2 or data.</summary>
    private void Tamper()
    {
        var octets = Bytes.Of(NewOrder().Command).ToArray();
        var at = _random.Next(3, octets.Length);
        if (at == 4) at = 3;
        octets[at] ^= (byte)(1 << _random.Next(8));
        var answer = _card.Os.Transmit(octets).Read<ResponseApdu>();
        Assert.Contains(answer.Status, (StatusWord[])[new(0x6988), StatusWord.IncorrectP1P2, StatusWord.WrongData]);
        _counts = _counts with { Tampered = _counts.Tampered + 1 };
        List();
    }

    /// <summary>The power goes in the middle of a command: before it or behind it, and never between.</summary>
    private void Cut()
    {
        var order = NewOrder();
        if (!_fields.ContainsKey(order.Id) && _fields.Count == StoreCommands.MaxFields) return;
        _medium.CutAfter(_random.Next(8), length => _random.Next(length + 1), _random);
        try
        {
            _card.Send(order.Command);
            Take(order);
            _medium.CutNever();
        }
        catch (PowerLostException)
        {
            Restart();
            var proven = Proven(order.Id);
            if (proven.Version == order.After.Version) Take(order);
            _counts = proven.Version == order.After.Version
                ? _counts with { CutAfter = _counts.CutAfter + 1 }
                : _counts with { CutBefore = _counts.CutBefore + 1 };
        }

        List();
        Read(order.Id);
    }

    private void Restart()
    {
        var image = _medium.Image;
        _card.Dispose();
        _medium = new CutMedium(image);
        _card = TestCard.Open(_medium);
        _card.Send(StoreCommands.Select);
        _isHolder = false;
    }

    private void Read(byte id)
    {
        var field = _fields.GetValueOrDefault(id, Field.None);
        Assert.Equal((field.Version, field.Content), Proven(id));

        var nonce = Nonce();
        var answer = _card.Send(StoreCommands.Read(id, nonce));
        var isTold = field.Definition.Reading switch
        {
            FieldReading.Anybody => true,
            FieldReading.Holder => _isHolder,
            _ => false,
        };
        _counts = isTold ? _counts with { Told = _counts.Told + 1 } : _counts with { Hidden = _counts.Hidden + 1 };
        Assert.Equal(isTold ? StatusWord.Success : StatusWord.SecurityStatusNotSatisfied, answer.Status);
        if (!isTold) return;
        var told = _issuer[id].Open(answer.Data.Read<StoredField>(), nonce, isSecured: false);
        Assert.Equal((field.Version, field.Content), (told!.Version, told.Content));
    }

    private (ushort Version, Bytes Content) Proven(byte id) => _issuer.Proven(_card, id, Nonce());

    private void List() => Assert.Equal(
        _fields.Select(one => new DefinedField(
            new FieldVersion(one.Key, one.Value.Version, (byte)one.Value.Content.Length), one.Value.Definition)),
        DefinedField.ReadList(_card.Send(StoreCommands.ListDefinitions).Data));

    private void Take(Order order)
    {
        _fields[order.Id] = order.After;
        _sent.Add(order.Command);
        _counts = _counts with { Taken = _counts.Taken + 1 };
    }

    private Order NewOrder()
    {
        var id = Ids[_random.Next(Ids.Length)];
        var before = _fields.GetValueOrDefault(id, Field.None);
        var version = (ushort)(before.Version + 1 + _random.Next(3));
        var content = new byte[_random.Next(4) == 0 ? StoreCommands.MaxContent : _random.Next(40)];
        _random.NextBytes(content);
        var isSecured = _random.Next(2) == 0;
        if (_random.Next(2) == 0)
        {
            return new Order(
                id, _issuer.Write(id, version, new Bytes(content), isSecured),
                before with { Version = version, Content = new Bytes(content) });
        }

        var definition = new FieldDefinition(
            (FieldType)_random.Next(5), (FieldReading)_random.Next(3), _random.Next(2) == 0);
        return new Order(
            id, _issuer.Define(id, version, definition, new Bytes(content), isSecured),
            new Field(version, new Bytes(content), definition));
    }

    private Bytes Nonce()
    {
        var octets = new byte[StoreMac.NonceLength];
        _random.NextBytes(octets);
        return new Bytes(octets);
    }

    private sealed record Order(byte Id, CommandApdu Command, Field After);

    private sealed record Field(ushort Version, Bytes Content, FieldDefinition Definition)
    {
        public static readonly Field None = new(0, Bytes.Empty, default);
    }
}

public class StoreModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_card_has_what_its_issuer_wrote_last_whatever_comes(int seed)
    {
        var counts = StoreModelRun.Run(seed, steps: 3_000);

        TestContext.Current.TestOutputHelper!.WriteLine(counts.ToString());
        Assert.True(counts is { Taken: > 300, Replayed: > 50, Tampered: > 50, Full: > 20 }, counts.ToString());
        Assert.True(counts is { CutBefore: > 20, CutAfter: > 20, Hidden: > 50, Told: > 50 }, counts.ToString());
    }
}
