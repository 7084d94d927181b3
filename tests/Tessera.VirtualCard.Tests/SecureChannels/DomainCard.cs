using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.SecureChannels;

/// <summary>A demonstration card and its issuer at the security domain.</summary>
internal sealed class DomainCard : IDisposable
{
    public static readonly Bytes Challenge = Bytes.FromHex("A1A2A3A4A5A6A7A8");

    private Scp03Host? _host;

    public DomainCard(TestCard card) => Card = card;

    public TestCard Card { get; }

    private InitializeUpdateAnswer Said => _host!.Card;

    /// <summary>Key version, i and sequence of the session.</summary>
    public string Told => $"{Said.KeyVersion:X2} {(byte)Said.Options:X2} {Said.Sequence}";

    public static DomainCard New() => new(TestCard.Demonstration(new SeededRandom(3)));

    public static Scp03Keys KeysOf(InitializeUpdateAnswer card)
    {
        using var master = DemonstrationKeys.CreateDomain();
        return Scp03Keys.OfKdf3(master, card.Diversification.Span);
    }

    /// <summary>K-DEK of the first keys.</summary>
    public static SecretKey DataEncryption()
    {
        using var keys = KeysOf(new InitializeUpdateAnswer(
            Bytes.FromHex($"0000 {TestCard.Id}"), 0, Scp03Options.None, Bytes.Empty, Bytes.Empty, null));
        return new SecretKey(keys.DataEncryption.Reveal());
    }

    public DomainCard Selected()
    {
        Assert.True(Card.Send(GlobalPlatformCommands.Select(GlobalPlatformCommands.IssuerDomain)).Status.IsSuccess);
        return this;
    }

    public DomainCard Open(byte level = 0x33, byte version = 0, Scp03Keys? keys = null)
    {
        Selected();
        var answer = Card.Send(GlobalPlatformCommands.InitializeUpdate(version, Challenge));
        var said = answer.EnsureSuccess(GlobalPlatformCommands.InitializeUpdate(version, Challenge))
            .Data.Read<InitializeUpdateAnswer>();
        using var own = keys is null ? KeysOf(said) : null;
        _host = Scp03Host.Open(keys ?? own!, Challenge, said);
        Assert.Equal(StatusWord.Success, Card.Send(_host.Authenticate((SecurityLevel)level)).Status);
        return this;
    }

    /// <summary>With Le where the command has none, for the answer has a code at least.</summary>
    public ResponseApdu Send(CommandApdu command)
    {
        var wrapped = _host!.Wrap(command);
        return _host.Unwrap(Card.Send(wrapped with { Le = wrapped.Le ?? 256 }));
    }

    public string Send(string hex) => Bytes.Of(Send(Bytes.FromHex(hex).Read<CommandApdu>())).ToString();

    public void Dispose()
    {
        _host?.Dispose();
        Card.Dispose();
    }
}
