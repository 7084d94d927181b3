using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Storage.Tests.Money;

/// <summary>
/// The purse of docs/protocols/purse.md §2 and §3 in thirty lines, without its PIN: the other side of the treasury.
/// </summary>
internal sealed class ModelCard(CardRegistration registration, SecretKey key, Random random)
{
    private readonly List<PurseProof> _log = [];
    private PurseMac? _session;

    public CardRegistration Registration { get; } = registration;

    public CardId Id => Registration.Card;

    public uint Balance { get; private set; }

    public uint Number { get; private set; }

    public Movement Last { get; private set; } = Movement.None;

    /// <summary>All that debits ever took from this card.</summary>
    public long Spent { get; private set; }

    public PurseState Initialize(Bytes nonce, PurseCondition flags = PurseCondition.None)
    {
        var octets = new byte[PurseState.RandomLength];
        random.NextBytes(octets);
        _session = PurseMac.ForSession(key, Id, Number, new Bytes(octets), nonce);
        var state = new PurseState(
            flags, Registration.KeyVersion, Balance, Number, new Bytes(octets), Last, Bytes.Empty);
        return state with { Mac = _session.S1(state, Registration.Currency) };
    }

    /// <summary>Commits and gives S3, or does nothing and gives none.</summary>
    public PurseReceipt? Move(AuthorisedMove move, uint amount, Bytes digest)
    {
        using var session = _session;
        _session = null;
        if (session?.S2(move.Kind, move.Terms, move.Adjust, move.Amount) != move.S2) return null;
        var movement = new Movement(move.Kind, move.Terms, move.Adjust, amount, move.S2);
        if (amount > move.Amount || Balance + movement.Delta is < 0) return null;
        if (Balance + movement.Delta > Registration.GreatestBalance) return null;

        Commit(movement, digest);
        return new PurseReceipt(Balance, Number, session.S3(movement, digest, Balance, Number));
    }

    /// <summary>What a card does whose keys someone else has, too.</summary>
    public void Commit(Movement movement, Bytes digest)
    {
        (Balance, Number, Last) = ((uint)(Balance + movement.Delta), Number + 1, movement);
        if (movement.Kind == MoveKind.Debit) Spent += movement.Amount;
        _log.Add(new PurseProof(movement, digest, Balance, Number, Bytes.Empty));
    }

    public PurseProof? Prove(Bytes nonce, uint number)
    {
        if (_log.Find(one => one.Number == number) is not { } proof) return null;
        using var mac = PurseMac.ForProof(key, Id, number, nonce);
        return proof with { Mac = mac.Proof(proof) };
    }

    public void Reset() => _session = null;
}
