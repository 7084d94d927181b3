using Tessera.Cards;
using Tessera.Sms.Messages;
using Tessera.Sms.Packets;
using Tessera.Sms.Parts;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>The gateway's end of the road: packets to the demonstration card, and messages from it.</summary>
internal sealed class Gateway : IDisposable
{
    public static readonly CommandHeader Down = Header("544553", 1);
    public static readonly CommandHeader Up = Header("544553", 2);

    private readonly OtaKeys _keys;
    private readonly Reassembler _parts = new();
    private readonly HashSet<ulong> _counters = [];

    public Gateway()
    {
        using var masters = DemonstrationKeys.Create();
        _keys = OtaKeys.Of(masters, TestCard.Id);
    }

    /// <summary>The highest counter used towards the card.</summary>
    public ulong Counter { get; private set; }

    /// <summary>All that came from the card, packets opened.</summary>
    public List<Bytes> Received { get; } = [];

    public Opening LastOpening => Received[^1].Read<Opening>();

    public ResponseScript LastAnswer => Received[^1].Read<ResponseScript>();

    public PacketKeys DownKeys => KeysOf(_keys.Down);

    public PacketKeys UpKeys => KeysOf(_keys.Up);

    public static CommandHeader Header(string tar, int set) => new(
        new Spi(Integrity.CryptographicChecksum, Ciphered: true, CounterMode.Higher),
        KeyReference.Aes(set), KeyReference.Aes(set), Tar.Parse(tar));

    /// <summary>A packet for the card under the next counter.</summary>
    public Bytes Wrap(Bytes data)
    {
        using var keys = DownKeys;
        return new CommandPacket(Down, ++Counter, data).Wrap(keys);
    }

    /// <summary>A packet as ENVELOPEs, one for each of its parts.</summary>
    public static IReadOnlyList<string> Envelopes(Bytes packet, byte reference = 7) =>
        [.. Segmenter.Command(packet, reference).Select(part => Envelope(part))];

    public static string Envelope(UserData part, byte protocol = 0x7F, byte coding = 0xF6, string from = "83773")
    {
        var deliver = new SmsDeliver(
            Address.Parse(from), new ProtocolIdentifier(protocol), new DataCodingScheme(coding),
            Bytes.FromHex("62112200000000").Read<TimeStamp>(), part);
        return Command(0xC2, Bytes.Of(output => Tlv.Write(
            new ByteWriter(output), 0xD1, Bytes.Of(inner =>
            {
                var writer = new ByteWriter(inner);
                writer.WriteOctets([0x82, 0x02, 0x83, 0x81]);
                Tlv.Write(writer, 0x8B, deliver.ToBytes().Span);
            }).Span)));
    }

    public static string Command(byte ins, Bytes data) =>
        Bytes.Of(new CommandApdu(0xA0, ins, 0x00, 0x00, data)).ToString();

    /// <summary>Takes a message; a packet that is not authentic, or whose counter was used, fails the test.</summary>
    public void Receive(SmsSubmit submit)
    {
        Xunit.Assert.Equal("83773", submit.Destination.ToString());
        Xunit.Assert.Equal(("7F", "F6"), (submit.Protocol.ToString(), submit.Coding.ToString()));
        var whole = _parts.Take(submit.Destination, submit.Coding, submit.UserData, DateTimeOffset.UnixEpoch);
        if (whole is null) return;

        Xunit.Assert.Equal(new InformationElement(0x70, Bytes.Empty), Xunit.Assert.Single(whole.Header.Elements));
        Xunit.Assert.Equal(Up, CommandPacket.ReadHeader(whole.Content.Span));
        using var keys = UpKeys;
        var packet = CommandPacket.Unwrap(whole.Content.Span, keys);
        Xunit.Assert.NotNull(packet);
        Xunit.Assert.True(_counters.Add(packet.Counter), $"counter {packet.Counter} was used before");
        Received.Add(packet.Data);
    }

    public void Dispose() => _keys.Dispose();

    private static PacketKeys KeysOf(OtaKeySet set) =>
        new(new SecretKey(set.Kic.Reveal()), new SecretKey(set.Kid.Reveal()));
}
