using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Wire;

namespace Tessera.Platform.Money;

/// <summary>
/// The purse keys of all cards, derived from the master keys of each version (docs/protocols/purse.md §4).
/// </summary>
/// <param name="find">The master keys of a version, null where there are none; they stay with the caller.</param>
public sealed class PurseKeyring(Func<byte, MasterKeys?> find)
{
    /// <param name="masters">At most one of a version; they stay with the caller, who disposes them.</param>
    public PurseKeyring(params IEnumerable<MasterKeys> masters)
        : this(masters.ToDictionary(keys => keys.Version).GetValueOrDefault)
    {
    }

    /// <summary>The key of one card; the caller disposes it. None if there is no master key of that version.</summary>
    public SecretKey? Find(CardId card, byte version) =>
        find(version) is { } master
            ? CardKeys.Diversify(master.Purse, card, PurseCommands.Aid)
            : null;

    internal bool Verifies(CardId card, ushort currency, PurseState s1, Bytes nonce)
    {
        using var key = Find(card, s1.KeyVersion);
        if (key is null) return false;
        using var mac = PurseMac.ForSession(key, card, s1.Number, s1.Random, nonce);
        return Same(mac.S1(s1, currency), s1.Mac);
    }

    /// <summary>
    /// Whether <paramref name="s3"/> is the card's receipt for a movement that <paramref name="intent"/> allowed.
    /// </summary>
    internal bool Verifies(Intent intent, Movement movement, Bytes digest, PurseReceipt s3)
    {
        using var key = Find(intent.Card, intent.S1.KeyVersion);
        if (key is null || s3.Number != intent.Number) return false;
        using var mac = PurseMac.ForSession(key, intent.Card, intent.S1.Number, intent.S1.Random, intent.Nonce);
        var goods = intent.Moves.FirstOrDefault(move => move.S2 == movement.S2)?.Alternative.Goods ?? Bytes.Empty;
        return Same(mac.S3(movement, digest, s3.Balance, s3.Number, goods), s3.Mac);
    }

    internal bool Verifies(CardId card, byte version, PurseProof proof, Bytes nonce)
    {
        using var key = Find(card, version);
        if (key is null) return false;
        using var mac = PurseMac.ForProof(key, card, proof.Number, nonce);
        return Same(mac.Proof(proof), proof.Mac);
    }

    internal bool Verifies(OfflineReceipt receipt)
    {
        using var key = Find(receipt.Card, receipt.KeyVersion);
        if (key is null) return false;
        using var mac = PurseMac.ForReceipt(key, receipt.Card, receipt.Movement.Number);
        return Same(mac.Receipt(receipt.Movement), receipt.Mac);
    }

    /// <summary>Whether the evidence on record proves the movement on record, once more.</summary>
    internal bool Verifies(ProvenMovement proven)
    {
        try
        {
            return Proves(proven);
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    private bool Proves(ProvenMovement proven)
    {
        var (movement, card) = (proven.Movement, proven.Card);
        switch (movement.Evidence.Kind)
        {
            case EvidenceKind.Receipt when movement.Movement.Kind == MoveKind.OfflineDebit:
                var receipt = movement.Evidence.Octets.Read<OfflineReceipt>();
                var (number, balance) = (movement.Number, movement.Balance);
                return receipt.Card == card.Card && Verifies(receipt) &&
                    receipt.Movement == new LoggedMovement(movement.Movement, movement.Digest, balance, number);
            case EvidenceKind.Receipt:
                var s3 = movement.Evidence.Octets.Read<PurseReceipt>();
                return s3.Balance == movement.Balance && s3.Number == movement.Number && proven.Intent is { } intent &&
                    Verifies(intent, movement.Movement, movement.Digest, s3);
            case EvidenceKind.Proof:
                var proof = movement.Evidence.Octets.Read<PurseProof>();
                var proved = new PurseProof(
                    movement.Movement, movement.Digest, movement.Balance, movement.Number, proof.Mac);
                return proved == proof && Verifies(card.Card, card.KeyVersion, proof, movement.Evidence.Nonce);
            default:
                var s1 = movement.Evidence.Octets.Read<PurseState>();
                return s1.Last == movement.Movement && s1.Balance == movement.Balance && s1.Number == movement.Number &&
                    Verifies(card.Card, card.Currency, s1, movement.Evidence.Nonce);
        }
    }

    /// <summary>S2 for each alternative, bound to <paramref name="s1"/>; none without the key.</summary>
    internal IReadOnlyList<AuthorisedMove>? Authorise(
        CardId card, PurseState s1, Bytes nonce, IEnumerable<(Alternative Alternative, int Adjust)> alternatives)
    {
        using var key = Find(card, s1.KeyVersion);
        if (key is null) return null;
        using var mac = PurseMac.ForSession(key, card, s1.Number, s1.Random, nonce);
        return
        [
            .. alternatives.Select(one => new AuthorisedMove(
                one.Alternative,
                one.Adjust,
                mac.S2(
                    one.Alternative.Kind, one.Alternative.Terms, one.Adjust, one.Alternative.Amount,
                    one.Alternative.Goods))),
        ];
    }

    private static bool Same(Bytes expected, Bytes mac) =>
        CryptographicOperations.FixedTimeEquals(expected.Span, mac.Span);
}
