using Tessera.Cards.SecureChannels;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.SecureChannels;

public class GlobalPlatformTests
{
    [Fact]
    public void Commands_are_laid_out_as_their_tables()
    {
        Is("00A40400 08 A000000151000000 00", GlobalPlatformCommands.Select(GlobalPlatformCommands.IssuerDomain));
        Is("80E28803 04 01020102", GlobalPlatformCommands.StoreData(3, true, StoreDataForm.Groups, Bytes.FromHex("01020102")));
        Is("80E21000 03 5C017E", GlobalPlatformCommands.StoreData(0, false, StoreDataForm.Tlv, Bytes.FromHex("5C017E")));
        Is("80E62000 0B 000005A1A2A3A4A5000000 00",
            GlobalPlatformCommands.InstallForPersonalisation(Bytes.FromHex("A1A2A3A4A5")));
        Is("80F28002 02 4F00 00", GlobalPlatformCommands.GetStatus(RegistryKind.IssuerDomain, Bytes.Empty));
        Is("80F24002 04 4F02A0B1 00", GlobalPlatformCommands.GetStatus(RegistryKind.Applications, Bytes.FromHex("A0B1")));
        Is("80E40000 03 D20131 00", GlobalPlatformCommands.DeleteKeys(0x31));
        Is("80CA00E0 00", GlobalPlatformCommands.GetData(0xE0));
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(24, 32)]
    [InlineData(32, 32)]
    public void A_key_comes_out_as_it_was_put_in(int length, int cryptogram)
    {
        using var dek = SecretKey.Generate(length);
        using var key = SecretKey.Generate(length);
        var encrypted = EncryptedKey.Of(key, dek);
        var octets = Bytes.Of(encrypted);

        WireFormat.Holds(encrypted, octets.ToString());
        Assert.Equal((0x88, cryptogram + 1, length), (octets.Span[0], octets.Span[1], octets.Span[2]));
        using var decrypted = octets.Read<EncryptedKey>().Decrypt(dek);
        Assert.Equal(Bytes.CopyOf(key.Reveal()), Bytes.CopyOf(decrypted!.Reveal()));
        Assert.Null(encrypted.Decrypt(key));
    }

    /// <summary>What another card manager sends: 24 octets of key in 216 of cryptogram (GlobalPlatformPro).</summary>
    [Fact]
    public void Longer_padding_behind_a_key_is_taken()
    {
        using var dek = new SecretKey(Bytes.FromHex("202122232425262728292A2B2C2D2E2F2021222324252627").Span);
        var octets = new byte[208];
        Bytes.FromHex("000102030405060708090A0B0C0D0E0F0001020304050607").Span.CopyTo(octets);
        using var key = new SecretKey(octets.AsSpan(0, 24));
        AesCbc.Encrypt(dek, octets);

        using var decrypted = new EncryptedKey(24, new Bytes(octets), KeyCheckValue.Of(key)).Decrypt(dek);
        Assert.Equal(Bytes.CopyOf(key.Reveal()), Bytes.CopyOf(decrypted!.Reveal()));
    }

    [Theory]
    [InlineData("80 11 10 000102030405060708090A0B0C0D0E0F 03 010203", "key type")]
    [InlineData("88 11 11 000102030405060708090A0B0C0D0E0F 03 010203", "key length")]
    [InlineData("88 11 18 000102030405060708090A0B0C0D0E0F 03 010203", "key cryptogram")]
    [InlineData("88 10 10 000102030405060708090A0B0C0D0E 03 010203", "key cryptogram")]
    [InlineData("88 00 10 03 010203", "key cryptogram")]
    [InlineData("88 11 10 000102030405060708090A0B0C0D0E0F 02 0102", "check value")]
    public void A_key_of_another_form_is_told_by_field(string hex, string field)
    {
        var wrong = Assert.Throws<WireFormatException>(() => Bytes.FromHex(hex).Read<EncryptedKey>());
        Assert.StartsWith(field, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_version_is_put_as_one_command()
    {
        using var dek = SecretKey.Generate();
        using var keys = new Scp03Keys(SecretKey.Generate(), SecretKey.Generate(), SecretKey.Generate());
        var put = GlobalPlatformCommands.PutKeys(0x30, 0x31, keys, dek);

        Assert.Equal((0x80, 0xD8, 0x30, 0x81), (put.Cla, put.Ins, put.P1, put.P2));
        Assert.Equal(0x31, put.Data.Span[0]);
        var reader = new ByteReader(put.Data.Span[1..]);
        foreach (var expected in (SecretKey[])[keys.Encryption, keys.Mac, keys.DataEncryption])
        {
            using var key = EncryptedKey.Read(ref reader).Decrypt(dek);
            Assert.Equal(Bytes.CopyOf(expected.Reveal()), Bytes.CopyOf(key!.Reveal()));
        }

        Assert.Equal(0, reader.Remaining);
        Assert.Throws<ArgumentOutOfRangeException>(() => GlobalPlatformCommands.PutKeys(0, 0x80, keys, dek));
    }

    [Fact]
    public void Entries_of_the_registry_are_read_and_others_in_them_left_out()
    {
        var answer = Bytes.FromHex(
            "E312 4F05A1A2A3A4A5 9F700107 C503800000 C100"
            + "E30E 4F05A1A2A3A4A6 9F70010F C50180");
        Assert.Equal(
            [
                new RegistryEntry(Bytes.FromHex("A1A2A3A4A5"), 0x07, Bytes.FromHex("800000")),
                new RegistryEntry(Bytes.FromHex("A1A2A3A4A6"), 0x0F, Bytes.FromHex("80")),
            ],
            RegistryEntry.ReadList(answer));
        Assert.Throws<WireFormatException>(() => RegistryEntry.ReadList(Bytes.FromHex("E304 9F700107")));
        WireFormat.Holds(
            new RegistryEntry(Bytes.FromHex("A1A2A3A4A5"), 0x07, Bytes.FromHex("800000")),
            "E310 4F05A1A2A3A4A5 9F700107 C503800000");
    }

    [Fact]
    public void Keys_of_a_version_have_one_length()
    {
        Assert.Throws<ArgumentException>(
            () => new Scp03Keys(SecretKey.Generate(), SecretKey.Generate(24), SecretKey.Generate()));
    }

    private static void Is(string hex, CommandApdu command) => Assert.Equal(Bytes.FromHex(hex), Bytes.Of(command));
}
