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

    public Bytes S2(PurseState s1, Bytes nonce, Movement movement, uint? ceiling = null)
    {
        using var mac = Session(s1, nonce);
        return mac.S2(movement.Kind, movement.Terms, movement.Adjust, ceiling ?? movement.Amount);
    }

    /// <summary>MOVE as the card takes it, authorised after <paramref name="s1"/>.</summary>
    public CommandApdu Authorise(PurseState s1, Bytes nonce, Movement movement, Bytes digest, uint? ceiling = null)
    {
        var s2 = S2(s1, nonce, movement, ceiling);
        var move = PurseCommands.Move(movement.Kind, movement.Terms, movement.Adjust, ceiling ?? movement.Amount, s2);
        return PurseCommands.Complete(move, ceiling is null ? null : movement.Amount, digest);
    }

    public bool IsGenuine(PurseReceipt s3, PurseState s1, Bytes nonce, Movement movement, Bytes digest)
    {
        using var mac = Session(s1, nonce);
        return mac.S3(movement, digest, s3.Balance, s3.Number) == s3.Mac;
    }

    public bool IsGenuine(PurseProof proof, Bytes nonce)
    {
        using var mac = PurseMac.ForProof(_keys.Purse, TestCard.Id, proof.Number, nonce);
        return mac.Proof(proof) == proof.Mac;
    }

    public void Dispose() => _keys.Dispose();

    private PurseMac Session(PurseState s1, Bytes nonce) =>
        PurseMac.ForSession(_keys.Purse, TestCard.Id, s1.Number, s1.Random, nonce);
}
