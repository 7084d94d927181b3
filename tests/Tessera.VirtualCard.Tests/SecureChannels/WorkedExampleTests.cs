using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.SecureChannels;

/// <summary>
/// The worked example of docs/protocols/scp03.md, which was computed apart from us (pyca/cryptography): host and card
/// say what stands there, and each code and key follows from its input.
/// </summary>
public sealed class WorkedExampleTests : IDisposable
{
    private static readonly IReadOnlyList<IReadOnlyList<(string Name, Bytes Octets)>> Blocks =
        ProtocolExample.Read("scp03.md", "scp03");

    private readonly TestCard _card = TestCard.Demonstration();
    private readonly Scp03Keys _keys = Keys(Blocks[0]);

    public void Dispose()
    {
        _keys.Dispose();
        _card.Dispose();
    }

    [Fact]
    public void The_keys()
    {
        using var domain = DemonstrationKeys.CreateDomain();
        Assert.Equal(Blocks[0].Named("master"), Bytes.CopyOf(domain.Reveal()));
        using var derived = Scp03Keys.OfKdf3(domain, Blocks[0].Named("input ENC").Span[6..]);
        foreach (var (name, key) in ((string, SecretKey)[])
            [("K-ENC", derived.Encryption), ("K-MAC", derived.Mac), ("K-DEK", derived.DataEncryption)])
            Assert.Equal((name, Blocks[0].Named(name)), (name, Bytes.CopyOf(key.Reveal())));
        Assert.Equal(Blocks[0].Named("K-ENC"), Code(domain, Blocks[0].Named("input ENC")));
    }

    [Fact]
    public void The_session_and_its_commands()
    {
        var session = Blocks[1];
        Assert.True(_card.Send(session.Named("SELECT").Read<CommandApdu>()).Status.IsSuccess);
        Assert.Equal(session.Named("answer"), Send(session.Named("INIT UPDATE")));
        var initialize = session.Named("INIT UPDATE").Read<CommandApdu>();
        var said = session.Named("answer").Read<ResponseApdu>().Data.Read<InitializeUpdateAnswer>();
        Assert.Equal(said.CardChallenge, Code(_keys.Encryption, session.Named("input chal")));

        using var host = Scp03Host.Open(_keys, initialize.Data, said);
        Assert.Equal(session.Named("EXT AUTH"), Bytes.Of(host.Authenticate((SecurityLevel)0x33)));
        Assert.Equal("9000", Send(session.Named("EXT AUTH")).ToString());
        foreach (var block in Blocks.Skip(2).SkipLast(1)) Exchange(host, block);
        PutKeys(host, Blocks[^1]);
        Assert.Equal(5, Blocks.Count);
    }

    [Fact]
    public void The_codes_follow_from_their_inputs()
    {
        var session = Blocks[1];
        var context = session.Named("context").Span;
        foreach (var (name, key, constant) in ((string, SecretKey, byte)[])
            [("S-ENC", _keys.Encryption, 0x04), ("S-MAC", _keys.Mac, 0x06), ("S-RMAC", _keys.Mac, 0x07)])
        {
            using var derived = Kdf.DeriveKey(key, constant, context);
            Assert.Equal((name, session.Named(name)), (name, Bytes.CopyOf(derived.Reveal())));
        }

        using var mac = new SecretKey(session.Named("S-MAC").Span);
        using var responseMac = new SecretKey(session.Named("S-RMAC").Span);
        Assert.Equal(Code(mac, session.Named("input auth")), Last8(session.Named("EXT AUTH").Read<CommandApdu>().Data));
        foreach (var block in Blocks.Skip(2).SkipLast(1))
        {
            Assert.Equal(
                Code(mac, block.Named("input C-MAC")), Last8(block.Named("wrapped").Read<CommandApdu>().Data));
            Assert.Equal(
                Code(responseMac, block.Named("input R-MAC")), Last8(block.Named("said").Read<ResponseApdu>().Data));
        }
    }

    [Fact]
    public void What_is_ciphered_follows_from_its_vector()
    {
        using var key = new SecretKey(Blocks[1].Named("S-ENC").Span);
        using var aes = key.CreateAes();
        foreach (var (block, plain, ciphered) in ((int, Bytes, Bytes)[])
        [
            (2, Blocks[2].Named("means").Read<ResponseApdu>().Data, Blocks[2].Named("said").Read<ResponseApdu>().Data),
            (3, Blocks[3].Named("plain").Read<CommandApdu>().Data, Blocks[3].Named("wrapped").Read<CommandApdu>().Data),
        ])
        {
            var vector = aes.EncryptEcb(Blocks[block].Named("vector in").Span, PaddingMode.None);
            byte[] padded = [.. plain.Span, 0x80, .. new byte[15 - (plain.Length % 16)]];
            Assert.Equal(
                new Bytes(aes.EncryptCbc(padded, vector, PaddingMode.None)), new Bytes(ciphered.Memory[..^8]));
        }
    }

    private void Exchange(Scp03Host host, IReadOnlyList<(string Name, Bytes Octets)> block)
    {
        var wrapped = host.Wrap(block.Named("plain").Read<CommandApdu>());
        Assert.Equal(block.Named("wrapped"), Bytes.Of(wrapped with { Le = 256 }));
        Assert.Equal(block.Named("said"), Send(block.Named("wrapped")));
        Assert.Equal(block.Named("means"), Bytes.Of(host.Unwrap(block.Named("said").Read<ResponseApdu>())));
    }

    private void PutKeys(Scp03Host host, IReadOnlyList<(string Name, Bytes Octets)> block)
    {
        using var keys = new Scp03Keys(
            new SecretKey(block.Named("new ENC").Span), new SecretKey(block.Named("new MAC").Span),
            new SecretKey(block.Named("new DEK").Span));
        var put = GlobalPlatformCommands.PutKeys(0x30, 0x31, keys, _keys.DataEncryption);
        Assert.Equal(
            Bytes.FromHex($"31{block.Named("group ENC")}{block.Named("group MAC")}{block.Named("group DEK")}"), put.Data);
        Assert.Equal(block.Named("wrapped"), Bytes.Of(host.Wrap(put)));
        Assert.Equal(block.Named("said"), Send(block.Named("wrapped")));
        Assert.Equal(block.Named("means"), Bytes.Of(host.Unwrap(block.Named("said").Read<ResponseApdu>())));
        Assert.Equal(GlobalPlatformCommands.PutKeysAnswer(0x31, keys), new Bytes(block.Named("means").Memory[..^2]));
    }

    private Bytes Send(Bytes command) => _card.Os.Transmit(command.Span);

    private static Bytes Code(SecretKey key, Bytes input)
    {
        var mac = AesCmac.Compute(key, input.Span);
        return input.Length == 16 ? new Bytes(mac) : new Bytes(mac.AsMemory(0, 8));
    }

    private static Bytes Last8(Bytes data) => new(data.Memory[^8..]);

    private static Scp03Keys Keys(IReadOnlyList<(string Name, Bytes Octets)> block) => new(
        new SecretKey(block.Named("K-ENC").Span), new SecretKey(block.Named("K-MAC").Span),
        new SecretKey(block.Named("K-DEK").Span));
}
