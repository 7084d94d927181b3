using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Purse;
using Tessera.Cards.SecureChannels;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Issuing;

/// <summary>The worked example of docs/protocols/issuing.md, whose ciphers were computed apart from us (pyca/cryptography).</summary>
public sealed class WorkedExampleTests
{
    private static readonly IReadOnlyList<(string Name, Bytes Octets)> Example =
        Assert.Single(ProtocolExample.Read("issuing.md", "issuing"));

    [Fact]
    public void The_commands_of_a_personalisation()
    {
        using var wanted = new IssuedCard { HasStore = true }.Wanted();
        using var dek = new SecretKey(Example.Named("DEK").Span);
        var all = PersonalisationScript.Of(wanted, [PurseCommands.Aid, StoreCommands.Aid], dek);

        Said("begin", PersonalisationScript.Begin);
        Said("card", all[0]);
        Assert.Equal(Example.Named("PIN").Span[..8], Bytes.Of(all[1]).Span[..8]);
        Said("delete", GlobalPlatformCommands.DeleteApplication(PurseCommands.Aid));
        Said("install", GlobalPlatformCommands.InstallForPersonalisation(PurseCommands.Aid));
        Said("traits", all[5] with { Data = Bytes.FromHex("9002 06 0756 000061A8") });
        Assert.Contains(all, each => each.Data == Bytes.FromHex("9002 06 0756 000061A8"));
        Assert.Contains(all, each => each.Data == Bytes.FromHex("0101 04 0007 6672"));
        Said("secure", all[^1]);
        Said("terminate", GlobalPlatformCommands.SetStatus(CardLifeCycle.Terminated));
    }

    [Fact]
    public void The_ciphered_PIN_and_key()
    {
        using var dek = new SecretKey(Example.Named("DEK").Span);
        var pin = DataOf("PIN");
        Assert.Equal(DataGroup.Pin, pin.Id);
        Assert.Equal(Example.Named("PIN in").Span[..8], EncryptedPin.Decrypt(pin.Content, dek));
        var whole = Example.Named("PIN in").ToArray();
        AesCbc.Encrypt(dek, whole);
        Assert.Equal(pin.Content, new Bytes(whole));

        var group = DataOf("purse key");
        Assert.Equal((DataGroup.Key, 0x05), (group.Id, group.Content.Span[0]));
        using var key = Bytes.CopyOf(group.Content.Span[1..]).Read<EncryptedKey>().Decrypt(dek);
        Assert.Equal(Example.Named("key"), Bytes.CopyOf(key!.Reveal()));
        Assert.Equal(new DataGroup(0x0101, Bytes.FromHex("0007 6672")), DataOf("field"));
    }

    private static void Said(string name, CommandApdu command) =>
        Assert.Equal((name, Example.Named(name)), (name, Bytes.Of(command)));

    private static DataGroup DataOf(string name) => Example.Named(name).Read<CommandApdu>().Data.Read<DataGroup>();
}
