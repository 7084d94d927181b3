using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.Purse;

/// <summary>
/// Who takes debits without a line to the issuer: a gate, a till on a bus (docs/protocols/purse.md §8). It can authorise
/// debits up to what each card was allowed and nothing else, and it cannot make a receipt that the issuer believes.
/// </summary>
/// <param name="master">
/// Of offline debits, from the issuer: <see cref="CardKeys.OfflineMaster"/>. It stays the caller's.
/// </param>
/// <param name="version">Its key version: cards of another are refused.</param>
/// <param name="id">As the issuer named the acceptor: the account that is paid.</param>
public sealed class PurseAcceptor(SecretKey master, byte version, uint id)
{
    /// <summary>Has the card prove that it is one, and authorises a debit on it; nothing is taken yet.</summary>
    /// <param name="number">Of the acceptor's own count.</param>
    /// <param name="verified">The holder was verified by PIN or finger since the purse was selected.</param>
    /// <returns>
    /// The debit to take. Who wants to find out what became of it after a crash keeps it before it is sent.
    /// </returns>
    /// <exception cref="OfflineRefusedException">The card is not genuine, not fit, or not allowed as much.</exception>
    public async Task<OfflineDebit> AuthoriseAsync(
        PurseClient purse, uint amount, uint number, bool verified, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfZero(amount);
        var (state, nonce) = await InitializeAsync(purse, cancel);
        Check(state, amount, verified);
        var terms = verified ? MoveTerms.PinRequired : MoveTerms.WithoutPin;
        var digest = new Acceptance(id, number).ToDigest();
        using var mac = Session(purse.Template.Card, state.Number, state.Random, nonce);
        var movement = new Movement(MoveKind.OfflineDebit, terms, 0, amount, mac.O2(terms, amount, digest));
        var logged = new LoggedMovement(movement, digest, state.Balance - amount, state.Number + 1);
        return new OfflineDebit(purse.Template.Card, version, logged, state.Random, nonce);
    }

    /// <summary>Takes the debit. When this fails without an answer the outcome is unknown.</summary>
    /// <exception cref="CardStatusException">The card refuses it: nothing was taken.</exception>
    /// <exception cref="OfflineRefusedException">The answer is not that of the card: the outcome is unknown.</exception>
    public async Task<OfflineReceipt> TakeAsync(PurseClient purse, OfflineDebit debit, CancellationToken cancel)
    {
        var answer = await purse.DebitOfflineAsync(debit.Command, cancel);
        var (movement, digest, balance, number) = debit.Movement;
        using var mac = Session(debit.Card, number - 1, debit.Random, debit.Nonce);
        var isGenuine = (answer.Balance, answer.Number) == (balance, number) &&
            Same(mac.O3(movement, digest, balance, number), answer.Mac);
        return isGenuine
            ? new OfflineReceipt(debit.Card, version, debit.Movement, answer.IssuerMac)
            : throw new OfflineRefusedException("The receipt is not the card's.");
    }

    /// <summary>What became of a debit whose answer was lost; the card proves it, and cannot run it any more.</summary>
    /// <returns>Its receipt, or null: it was not taken.</returns>
    /// <exception cref="OfflineRefusedException">
    /// It is another card, not genuine, or it has moved on since: the issuer learns it from the card.
    /// </exception>
    public async Task<OfflineReceipt?> SettleAsync(PurseClient purse, OfflineDebit debit, CancellationToken cancel)
    {
        if (purse.Template.Card != debit.Card) throw new OfflineRefusedException("It is another card.");
        var (state, _) = await InitializeAsync(purse, cancel);
        var number = debit.Movement.Number;
        if (state.Number == number - 1) return null;
        if (state.Number == number && state.Last != debit.Movement.Movement) return null;
        if (state.Number != number) throw new OfflineRefusedException($"The card is at number {state.Number} by now.");

        var receipt = await purse.ReceiptAsync(number, cancel);
        return receipt?.Movement == debit.Movement
            ? new OfflineReceipt(debit.Card, version, debit.Movement, receipt.Mac)
            : throw new OfflineRefusedException("The receipt is not that of the debit.");
    }

    private async Task<(OfflineState State, Bytes Nonce)> InitializeAsync(PurseClient purse, CancellationToken cancel)
    {
        if (purse.Template.KeyVersion != version)
            throw new OfflineRefusedException($"The card has keys of version {purse.Template.KeyVersion:X2}.");
        var nonce = new Bytes(RandomNumberGenerator.GetBytes(PurseMac.NonceLength));
        var state = await purse.InitializeOfflineAsync(nonce, cancel);
        using var mac = Session(purse.Template.Card, state.Number, state.Random, nonce);
        return state.KeyVersion == version && Same(mac.O1(state, purse.Traits.Currency), state.Mac)
            ? (state, nonce)
            : throw new OfflineRefusedException("The card does not prove that it is one of this issuer.");
    }

    private static void Check(OfflineState state, uint amount, bool verified)
    {
        const PurseCondition Unfit = PurseCondition.Deactivated | PurseCondition.NumberExhausted;
        if ((state.Flags & Unfit) is not PurseCondition.None and var why)
            throw new OfflineRefusedException($"The purse is not fit: {why}.");
        if (amount > state.Allowance)
            throw new OfflineRefusedException($"{amount} of {state.Allowance} that may be spent offline.");
        if (amount > state.Balance) throw new OfflineRefusedException($"{amount} of {state.Balance} on the card.");
        if (!verified && amount > state.GreatestWithoutPin)
            throw new OfflineRefusedException($"{amount} needs the PIN: {state.GreatestWithoutPin} at most go without.");
    }

    private PurseMac Session(CardId card, uint number, Bytes random, Bytes nonce)
    {
        using var key = CardKeys.Diversify(master, card, PurseCommands.Aid);
        return PurseMac.ForOffline(key, card, number, random, nonce);
    }

    private static bool Same(Bytes expected, Bytes mac) =>
        CryptographicOperations.FixedTimeEquals(expected.Span, mac.Span);
}

/// <summary>An offline debit that was authorised, with all that is needed to find out what became of it.</summary>
/// <remarks>
/// <code>
/// card 8 | key version 1 | movement 17 | digest 8 | balance after it 4 | number 4 | random 8 | nonce 8
/// </code>
/// For the acceptor's own memory; nobody else reads it.
/// </remarks>
/// <param name="Movement">As the card would keep it.</param>
public sealed record OfflineDebit(CardId Card, byte KeyVersion, LoggedMovement Movement, Bytes Random, Bytes Nonce)
    : IWireFormat<OfflineDebit>
{
    internal CommandApdu Command => PurseCommands.DebitOffline(
        Movement.Movement.Terms, Movement.Movement.Amount, Movement.Movement.S2, Movement.Digest);

    public static OfflineDebit Read(ref ByteReader reader) => new(
        CardId.Read(ref reader),
        reader.ReadByte("key version"),
        LoggedMovement.Read(ref reader),
        reader.ReadBytes(PurseHead.RandomLength, "random"),
        reader.ReadBytes(PurseMac.NonceLength, "nonce"));

    public void Write(ByteWriter writer)
    {
        Card.Write(writer);
        writer.WriteByte(KeyVersion);
        Movement.Write(writer);
        writer.WriteBytes(Random);
        writer.WriteBytes(Nonce);
    }
}

/// <summary>An offline debit is not possible with this card now.</summary>
public sealed class OfflineRefusedException(string message) : Exception(message);
