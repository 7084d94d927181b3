using Tessera.Lab.Phones;

namespace Tessera.Story.Phones;

/// <summary>The holder with the phone in the hand, who wants bus tickets and reads what is shown.</summary>
/// <param name="patience">Nothing happens for that long: the holder takes the menu again.</param>
internal sealed class Caller(
    Handset phone, Scissors scissors, Recorder recorder, TimeProvider time, int tickets, TimeSpan patience)
{
    public const string Pin = "123456";

    /// <summary>Menus of the phone, into which a key falls that the SIM no longer waits for.</summary>
    private static readonly string[] PhonesOwn = ["Menu", "Messages", "No messages", "Tessera"];

    private DateTimeOffset _acted = DateTimeOffset.MinValue;
    private string _last = "";
    private bool _looked;

    /// <summary>Tickets in the hand when the menu was taken last.</summary>
    private int _tickets;

    /// <summary>Receipts and late words that the ticket was paid.</summary>
    public int ToldPaid { get; private set; }

    private bool HasAll => ToldPaid >= tickets;

    public int ToldNotMade { get; private set; }

    /// <summary>Words at a later contact that the ticket was paid.</summary>
    public int ToldLate { get; private set; }

    /// <summary>Openings.</summary>
    public int Visits { get; private set; }

    /// <summary>Looks at the phone and does what it asks for, once.</summary>
    /// <param name="isSettled">Nothing is open at the server.</param>
    /// <param name="waits">
    /// Opens nothing before all is settled without it, and then looks once more what has become of the ticket.
    /// </param>
    /// <returns>True where the holder has the tickets, the phone is idle and nothing is open.</returns>
    public async Task<bool> ActAsync(Func<Task<bool>> isSettled, bool waits, CancellationToken cancel)
    {
        var state = phone.State;
        if (!state.IsOn || state.Menu is null || state.Signal == 0) return false;
        if (string.Equals(state.Left, "Menu", StringComparison.Ordinal))
        {
            var settled = (HasAll || waits || ToldPaid > _tickets) && await isSettled();
            if (HasAll && settled && (_looked || !waits)) return true;
            var wantsNext = ToldPaid > _tickets && !HasAll && settled;
            var looksAgain = waits && HasAll && Visits == 1;
            var isImpatient = time.GetUtcNow() - _acted > patience;
            if ((wantsNext || looksAgain || isImpatient) && (settled || !waits)) await OpenAsync(cancel);
            return false;
        }

        await AnswerAsync(state, cancel);
        return false;
    }

    private async Task OpenAsync(CancellationToken cancel)
    {
        (Visits, _tickets) = (Visits + 1, ToldPaid);
        recorder.Note("takes the purse from the menu");
        await PressAsync(cancel, PhoneKey.Left, PhoneKey.Digit4, PhoneKey.Digit1);
        (_acted, _last) = (time.GetUtcNow(), "");
    }

    private async Task AnswerAsync(HandsetState state, CancellationToken cancel)
    {
        var text = string.Join(' ', state.Lines.Select(line => line.Trim())).Trim();
        if (PhonesOwn.Any(start => text.StartsWith(start, StringComparison.Ordinal)))
        {
            await PressAsync(cancel, PhoneKey.End);
            return;
        }

        _acted = time.GetUtcNow();
        if (!string.Equals(text, _last, StringComparison.Ordinal))
        {
            _last = text;
            Hear(text);
            if (scissors.Next(CutKind.Phone, text) is not null)
            {
                await phone.PowerAsync(on: false, cancel);
                await phone.PowerAsync(on: true, cancel);
                _last = "";
                _acted = DateTimeOffset.MinValue;
                return;
            }
        }

        await PressAsync(cancel, text switch
        {
            _ when state.Typing == TypingMode.Hidden => [.. Pin.Select(digit => PhoneKey.Digit0 + (digit - '0')), PhoneKey.Ok],
            _ when text.Contains("Buy what?", StringComparison.Ordinal) => [PhoneKey.Digit1],
            _ when text.Contains("You have", StringComparison.Ordinal) => [HasAll ? PhoneKey.End : PhoneKey.Digit1],
            _ => [PhoneKey.Ok],
        });
    }

    private void Hear(string text)
    {
        recorder.Note($"phone: {text}");
        if (text.Contains("Paid. Enjoy it!", StringComparison.Ordinal)
            || text.Contains("was made", StringComparison.Ordinal)) ToldPaid++;
        if (text.Contains("was made", StringComparison.Ordinal)) ToldLate++;
        if (text.Contains("was not", StringComparison.Ordinal)) ToldNotMade++;
        if (text.Contains("You have", StringComparison.Ordinal)) _looked = HasAll;
    }

    /// <summary>Presses keys and looks again when the phone has drawn what came of them.</summary>
    private async Task PressAsync(CancellationToken cancel, params IReadOnlyList<PhoneKey> keys)
    {
        foreach (var key in keys) await phone.PressAsync(key, cancel);
        await phone.TypeAsync("", cancel);
    }
}
