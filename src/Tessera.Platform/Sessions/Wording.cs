using Tessera.Cards.Purse;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Views;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>What a session itself says to its holder.</summary>
internal static class Wording
{
    /// <summary>As many digits of a card id as a holder reads.</summary>
    private const int Digits = 4;

    public const string PinBlocked = "Your PIN is blocked.";
    public const string Unblock = "Unblock it with the PUK";
    public const string Stop = "Stop";
    public const string PukBlocked = "The PUK is blocked too. Please ask for a new card.";
    public const string NoFingerLaid = "No finger was laid on.";
    public const string FingerUnknown = "Your finger was not recognised.";
    public const string FingerBlocked = "Your finger is blocked. The PUK unblocks it.";
    public const string FingerUnread = "No finger can be read here.";
    public const string NoReader = "This needs your finger, and no finger can be laid on this terminal.";
    public const string NoFinger = "This needs your finger, and your card compares none now.";
    public const string PinForm = "A PIN has 6 to 8 digits.";
    public const string CardDidNot = "The card could not do this.";
    public const string TerminalCannot = "This terminal cannot do this.";
    public const string LoadTooMuch = "This is more than your card may hold. Nothing was loaded.";
    public const string Signed = "Signed.";
    public const string NoSignature = "This card cannot sign here.";
    public const string OtherKey = "The signature is not that of this card. Nothing was signed.";
    public const string NotTrusted = "The certificate of this card is not accepted. Nothing was signed.";
    public const string DeliveredLater = "The money is on your account. It will be on your card the next time.";
    public const string CardRefused = "This card cannot be used here.";
    public const string NoCertificate = "Only cards with a certificate can be used here.";
    public const string CertificateRevoked = "The certificate of this card was revoked. Please ask your issuer.";
    public const string CertificateExpired = "The certificate of this card has expired. Please ask your issuer.";
    public const string CertificateDistrusted = "The certificate of this card is not trusted here.";
    public const string CertificateNotItsOwn = "This card does not prove that its certificate is its own.";
    public const string NoKeyKnown = "This card is not registered here. Please ask your issuer.";
    public const string LogInByPin = "Log in with your card.";
    public const string CardStolen = "This card was reported stolen. It has been blocked. Please ask your issuer.";
    public const string CardDisabled = "This card has been disabled. Please ask your issuer.";
    public const string Withdrawn = "The document was withdrawn. Nothing was signed.";
    public const string OtherCard = "This is another card. Please insert the card you began with.";
    public const string InsertCard = "The card is out. Insert it again to go on.";
    public const string LookAtTerminal = "Please look at your terminal.";
    public const string Working = "One moment, please.";
    public const string Goodbye = "Goodbye. You can take your card.";
    public const string Interrupted = "The session ended because the card or the terminal went away.";
    public const string Differs = "This service has changed since the session was interrupted. Please begin again.";
    public const string NoPurse = "This card carries no purse.";
    public const string NoField = "This card does not keep that.";
    public const string NoPlace = "There is no place left on your card for this. Nothing was taken.";
    public const string NotKept = "It is paid, but it could not be kept on your card.";
    public const string NotNoted = "It is signed, but it could not be kept on your card.";
    public const string Updated = "Updated data";
    public const string Take = "Take it";
    public const string Decline = "Not on this card";
    public const string Later = "Later";
    public const string Failed = "Something went wrong on our side. Please try again later.";

    /// <summary>What waits for a card, where from, and what it would replace.</summary>
    public static string Offer(CardField field, Bytes? content, Origin origin)
    {
        var here = content is { Length: > 0 } known ? $" Here it is {field.Text(known)}." : "";
        var (title, value) = (field.Title, field.Text(origin.Change.New));
        return $"Updated data is available for this card. {title}: {value}, from {From(origin)}.{here}";
    }

    public static string Conflict(CardField field) => $"Which {field.Title.ToLowerInvariant()}?";

    public static string BothChanged(CardField field) => $"{field.Title} was changed on two cards.";

    /// <summary>One of the changes to choose from, in one line.</summary>
    public static string Choice(CardField field, Origin origin)
    {
        var text = $"{field.Text(origin.Change.New)} ({From(origin)})";
        return text.Length <= Dialogues.Dialogue.MaxLabel ? text : text[..Dialogues.Dialogue.MaxLabel];
    }

    private static string From(Origin origin) => (origin.Kind, origin.Change.Card?.ToString()[^Digits..]) switch
    {
        (_, null) => "us",
        (CardKind.Sim, var digits) => $"your phone {digits}",
        var (_, digits) => $"your card {digits}",
    };

    public static string WrongPin(int tries) => $"Wrong PIN. {Tries(tries)}.";

    public static string WrongFinger(int tries) => $"This is not the finger of the card. {Tries(tries)}.";

    /// <summary>Why the finger is of no use, and that there is the PIN.</summary>
    public static string PinInstead(string why) => $"{why} Please enter your PIN.";

    public static string SendsNothing(string verifier) => $"This terminal sends nothing to {verifier}.";

    public static string VerifierSilent(string verifier) => $"{verifier} cannot be asked now. Please try again later.";

    public static string UnknownTo(string verifier) => $"{verifier} does not know you yet.";

    public static string BlockedAt(string verifier) => $"You are blocked at {verifier}. Please ask there.";

    public static string WrongPuk(int tries) => $"Wrong PUK. {Tries(tries)}.";

    public static string NotEnough(long spendable) =>
        $"There is not enough money: you can spend {Amount.Text(Math.Max(spendable, 0))}.";

    public static string Bounds(Amount least, Amount most) => $"Please enter an amount from {least} to {most}.";

    public static string Length(int least, int most) => $"Please enter {least} to {most} characters.";

    /// <summary>What became of a movement whose outcome was open; null where there is nothing to tell.</summary>
    public static string? Of(Settlement settlement) => settlement switch
    {
        { State: IntentState.Done, Move.Kind: MoveKind.Debit } =>
            $"Your payment of {new Amount(settlement.Amount)} for {settlement.What} was made.",
        { State: IntentState.NotDone, IsPayment: true } =>
            $"Your payment for {settlement.What} was not made. Nothing was taken.",
        _ => null,
    };

    private static string Tries(int tries) => tries == 1 ? "1 try left" : $"{tries} tries left";
}
