using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Support;

/// <summary>The issuer's half of the purse: it authorises and checks, with the keys of the demonstration card.</summary>
internal sealed class PurseIssuer : IDisposable
{
    public const ushort Currency = 0x0978;

    private readonly CardKeys _keys;

    public PurseIssuer()
    {
        using var masters = DemonstrationKeys.Create();
        _keys = CardKeys.Of(masters, TestCard.Id);
    }

    public SecretKey StoreKey => _keys.Store;

    public bool IsGenuine(PurseState s1, Bytes nonce)
    {
        using var mac = Session(s1, nonce);
        return mac.S1(s1, Currency) == s1.Mac;
    }

    public Bytes S2(PurseState s1, Bytes nonce, Movement movement, uint? ceiling = null, Bytes goods = default)
    {
        using var mac = Session(s1, nonce);
        return mac.S2(movement.Kind, movement.Terms, movement.Adjust, ceiling ?? movement.Amount, goods);
    }

    /// <summary>MOVE as the card takes it, authorised after <paramref name="s1"/>.</summary>
    public CommandApdu Authorise(
        PurseState s1, Bytes nonce, Movement movement, Bytes digest, uint? ceiling = null, Bytes goods = default)
    {
        var s2 = S2(s1, nonce, movement, ceiling, goods);
        var move = PurseCommands.Move(
            movement.Kind, movement.Terms, movement.Adjust, ceiling ?? movement.Amount, s2, goods);
        return PurseCommands.Complete(move, ceiling is null ? null : movement.Amount, digest);
    }

    public bool IsGenuine(
        PurseReceipt s3, PurseState s1, Bytes nonce, Movement movement, Bytes digest, Bytes goods = default)
    {
        using var mac = Session(s1, nonce);
        return mac.S3(movement, digest, s3.Balance, s3.Number, goods) == s3.Mac;
    }

    public bool IsGenuine(PurseProof proof, Bytes nonce)
    {
        using var mac = PurseMac.ForProof(_keys.Purse, TestCard.Id, proof.Number, nonce);
        return mac.Proof(proof) == proof.Mac;
    }

    public bool IsGenuine(OfflineState o1, Bytes nonce)
    {
        using var mac = Offline(o1, nonce);
        return mac.O1(o1, Currency) == o1.Mac;
    }

    /// <summary>The offline debit of an acceptor with the issuer's offline key, after <paramref name="o1"/>.</summary>
    public CommandApdu AcceptOffline(OfflineState o1, Bytes nonce, MoveTerms terms, uint amount, Bytes digest)
    {
        using var mac = Offline(o1, nonce);
        return PurseCommands.DebitOffline(terms, amount, mac.O2(terms, amount, digest), digest);
    }

    public bool IsGenuine(OfflineAnswer o3, OfflineState o1, Bytes nonce, Movement movement, Bytes digest)
    {
        using var mac = Offline(o1, nonce);
        using var receipt = PurseMac.ForReceipt(_keys.Purse, TestCard.Id, o3.Number);
        return mac.O3(movement, digest, o3.Balance, o3.Number) == o3.Mac &&
            receipt.Receipt(new LoggedMovement(movement, digest, o3.Balance, o3.Number)) == o3.IssuerMac;
    }

    public void Dispose() => _keys.Dispose();

    private PurseMac Offline(OfflineState o1, Bytes nonce) =>
        PurseMac.ForOffline(_keys.Offline, TestCard.Id, o1.Number, o1.Random, nonce);

    private PurseMac Session(PurseState s1, Bytes nonce) =>
        PurseMac.ForSession(_keys.Purse, TestCard.Id, s1.Number, s1.Random, nonce);
}
