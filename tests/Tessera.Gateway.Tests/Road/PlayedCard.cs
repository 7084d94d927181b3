using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Sms.Messages;
using Tessera.Sms.Packets;
using Tessera.Sms.Parts;
using Tessera.Toolkit;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Gateway.Tests.Road;

/// <summary>A SIM as docs/protocols/sms.md has it: takes packets of its keys once, runs each script once.</summary>
internal sealed class PlayedCard(MasterKeys masters, CardId id, string number)
{
    private static readonly Spi Protection = new(Integrity.CryptographicChecksum, Ciphered: true, CounterMode.Higher);
    private static readonly Tar Tar = Tar.Parse("544553");

    private readonly Dictionary<(ushort Session, byte Number), (Bytes Script, Bytes Answer)> _done = [];
    private Reassembler _parts = new();
    private ulong _highest;
    private ulong _counter;
    private byte _reference = 0xC0;

    public CardId Id => id;

    public string Number => number;

    public ushort Session { get; private set; }

    /// <summary>Every script that ran, in order.</summary>
    public List<Bytes> Ran { get; } = [];

    /// <summary>Logins that came to it.</summary>
    public List<LoginNotice> Notices { get; } = [];

    /// <summary>What it answers to that script.</summary>
    public Bytes AnswerOf(ushort session, byte number) => _done[(session, number)].Answer;

    /// <summary>Counters of the packets it took.</summary>
    public List<ulong> Taken { get; } = [];

    /// <summary>The message of a new session, cut into short messages.</summary>
    public IReadOnlyList<Bytes> Open(OpeningProfile? profile = null)
    {
        Session++;
        return Say(Bytes.Of(OpeningOf(Session, profile)));
    }

    public static Opening OpeningOf(ushort session, OpeningProfile? profile = null) => new(
        session, Purse: null, profile ?? OpeningProfile.Whole(TerminalProfile.Phone.Octets.Span),
        [new OpeningField(1, 7)], "purse");

    /// <summary>Anything, as an authentic packet under the next counter.</summary>
    public IReadOnlyList<Bytes> Say(Bytes data) => Say(data, new CommandHeader(Protection, KeyReference.Aes(2), KeyReference.Aes(2), Tar));

    public IReadOnlyList<Bytes> Say(Bytes data, CommandHeader header, ulong? counter = null)
    {
        using var keys = OtaKeys.Of(masters, id);
        using var set = new PacketKeys(keys.Up.Kic, keys.Up.Kid);
        var packet = new CommandPacket(header, counter ?? ++_counter, data).Wrap(set);
        return [.. Segmenter.Command(packet, _reference++).Select(part => part.ToOctets())];
    }

    /// <summary>A short message has come; the answer to the script that it makes whole, or null.</summary>
    public Bytes? Hear(Bytes userData)
    {
        var part = UserData.OfOctets(userData.Span, hasHeader: true);
        if (_parts.Take(Address.Parse("5000"), DataCodingScheme.SimDownload, part, DateTimeOffset.UnixEpoch) is not { } whole)
            return null;

        using var keys = OtaKeys.Of(masters, id);
        using var set = new PacketKeys(keys.Down.Kic, keys.Down.Kid);
        var packet = CommandPacket.Unwrap(whole.Content.Span, set);
        if (packet is null || packet.Counter <= _highest) return null;
        _highest = packet.Counter;
        Taken.Add(packet.Counter);
        if (packet.Data.Span[0] == 0xAA) return Run(packet.Data);
        Notices.Add(packet.Data.Read<LoginNotice>());
        return null;
    }

    /// <summary>Power is cut: what was half received is gone, and no session is open.</summary>
    public void Reset() => _parts = new Reassembler();

    private Bytes Run(Bytes octets)
    {
        var script = octets.Read<CommandScript>();
        if (_done.TryGetValue((script.Session, script.Number), out var known))
            return known.Script == octets ? known.Answer : Bytes.Of(ResponseScript.Refusing(StopReason.NumberUsed, script.Head));
        if (script.Session != Session) return Bytes.Of(ResponseScript.Refusing(StopReason.SessionNotOpen, script.Head));

        Ran.Add(octets);
        var answer = Bytes.Of(new ResponseScript(
            script.Head, 1, [new CardResult(new ResponseApdu(new Bytes(RandomNumberGenerator.GetBytes(8)), StatusWord.Success))]));
        _done[(script.Session, script.Number)] = (octets, answer);
        return answer;
    }
}
