using Tessera.Phone.Speech;
using Tessera.Phone.Tones;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Wire;

namespace Tessera.Server.Calls;

/// <summary>
/// The application's page on a call: views are spoken, choices and amounts are keys of the telephone. It may be about
/// money, so keys that were pressed before it asks answer nothing.
/// </summary>
internal sealed class VoicePage : IPage, IDisposable
{
    private const int Digits = 9;
    private const char Point = '*';

    private static readonly KeyRule AmountRule = new() { Most = Digits, Back = null, Fresh = true };
    private static readonly KeyRule OneKey = new() { End = null, Back = null, Fresh = true };

    private readonly CancellationTokenSource _gone = new();

    private readonly CallVoice _voice;
    private readonly IVoiceLine _line;

    public VoicePage(CallVoice voice, IVoiceLine line) => (_voice, _line, Gone) = (voice, line, _gone.Token);

    public CancellationToken Gone { get; }

    /// <summary>Nobody will come back to this page: its session ends.</summary>
    public Task LeaveAsync() => Gone.IsCancellationRequested ? Task.CompletedTask : _gone.CancelAsync();

    public async Task<PageAnswer> PresentAsync(PageRequest request, CancellationToken cancel)
    {
        ThrowIfGone();
        await _line.PauseAsync(cancel);
        return request switch
        {
            NotePage note => await ReadAsync(note.View, cancel),
            ChoicePage choice => await ChooseAsync(choice, cancel),
            AmountPage amount => await AmountAsync(amount, cancel),
            _ => await RefuseAsync("not-by-phone", cancel),
        };
    }

    public async ValueTask TellAsync(PageStatus status, CancellationToken cancel)
    {
        if (status.State == PageState.InsertCard)
        {
            ThrowIfGone();
            if (await _line.InviteAsync(cancel)) return;
            await LeaveAsync();
            ThrowIfGone();
        }
        else if (status.State == PageState.Ended && !Gone.IsCancellationRequested)
        {
            await SayLastAsync(status.Text, cancel);
        }
    }

    public void Dispose() => _gone.Dispose();

    private void ThrowIfGone()
    {
        if (Gone.IsCancellationRequested)
            throw new ConnectionLostException("The call is over, or nobody pressed the data key.");
    }

    /// <summary>The last words of a session are said where they are words of the vocabulary.</summary>
    private async Task SayLastAsync(string text, CancellationToken cancel)
    {
        if (_voice.Words.Read(text) is not { } words) return;
        try
        {
            await _line.PauseAsync(cancel);
            await _voice.SayAsync(words.ToSamples(), cancel);
        }
        catch (ConnectionLostException)
        {
            // Nobody is there any more to be told.
        }
    }

    private async Task<PageAnswer> ReadAsync(View view, CancellationToken cancel)
    {
        var sound = await _voice.SoundAsync(Texts(view, withTables: true), cancel)
            ?? _voice.Words.Say("look-at-device").ToSamples();
        await _voice.SayAsync(sound, cancel);
        return new Continued();
    }

    private async Task<PageAnswer> ChooseAsync(ChoicePage page, CancellationToken cancel)
    {
        List<short[]> items = [];
        foreach (var choice in page.Choices)
        {
            if (await _voice.SoundAsync(choice, cancel) is not { } item) return await RefuseAsync("look-at-device", cancel);
            items.Add(item);
        }

        var opening = await _voice.SoundAsync(Texts(page.View, withTables: false), cancel) ?? [];
        var menu = new KeyMenu(_voice, isFresh: true);
        return await menu.ChooseAsync(opening, items, cancel) is { } place ? new Chosen(place) : new Left();
    }

    /// <summary>
    /// Digits, * for the point, # at the end; what was heard is spoken back and counts when it is confirmed.
    /// </summary>
    private async Task<PageAnswer> AmountAsync(AmountPage page, CancellationToken cancel)
    {
        var said = await _voice.SoundAsync(Texts(page.View, withTables: false), cancel) ?? [];
        for (var attempt = 0; attempt < KeyMenu.Tries; attempt++)
        {
            short[] question = [.. said, .. _voice.Words.Say("enter-amount").ToSamples()];
            var keyed = await _voice.AskAsync(question, AmountRule, cancel);
            var text = keyed.Keys.Replace(Point, '.');
            if (!keyed.IsComplete)
            {
                said = _voice.Words.Say("again").ToSamples();
            }
            else if (!Amount.TryParse(text, out var amount) || amount < page.Least || amount > page.Most)
            {
                said = _voice.Words.Say("wrong").ToSamples();
            }
            else
            {
                var back = _voice.Words.Amount(amount.MinorUnits).Say("correct").Say("for-press").Number(1);
                if ((await _voice.AskAsync(back.ToSamples(), OneKey, cancel)).Keys is "1") return new Typed(text);
                said = _voice.Words.Say("again").ToSamples();
            }
        }

        return new Left();
    }

    private async Task<PageAnswer> RefuseAsync(string word, CancellationToken cancel)
    {
        await _voice.SayAsync(word, cancel);
        return new Cancelled();
    }

    /// <summary>What a view says; a chart says nothing to an ear, and of a choice the items stand for the tables.</summary>
    private static IEnumerable<string> Texts(View view, bool withTables) =>
        view.Parts.SelectMany(part => part switch
        {
            Paragraph paragraph => [paragraph.Text],
            Table table when withTables => table.Rows.Select(row => string.Join(' ', row)),
            _ => Enumerable.Empty<string>(),
        }).Prepend(view.Title).Where(text => text.Length > 0);
}

/// <summary>What a page does with the line it is spoken on.</summary>
internal interface IVoiceLine
{
    /// <summary>Returns to voice; nothing where it is voice already.</summary>
    Task PauseAsync(CancellationToken cancel);

    /// <summary>Asks the holder for card and data key until the device is there with a card.</summary>
    /// <returns>False where nobody pressed the key.</returns>
    Task<bool> InviteAsync(CancellationToken cancel);
}
