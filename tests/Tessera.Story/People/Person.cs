using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Terminal.Displays;
using Tessera.Testing;
using Entry = Tessera.Terminal.Displays.Entry;

namespace Tessera.Story.People;

/// <summary>
/// The holder: wants one load of 50.00 and one lunch for 12.50, goes by nothing but what a display or page says, and
/// notes where that is not the truth.
/// </summary>
public partial class Person(Recorder recorder, ManualTime time) : IScreen
{
    public const string Pin = "123456";

    private const string Leave = "Leave";
    private const int Columns = 80;

    private readonly Lock _gate = new();
    private readonly StringBuilder _told = new();
    private readonly List<string> _faults = [];
    private int _heard;
    private bool _loaded;
    private bool _paid;
    private bool _open;

    /// <summary>Everything told, in order.</summary>
    public string Told
    {
        get
        {
            lock (_gate) return _told.ToString();
        }
    }

    /// <summary>What was not as it was told.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_gate) return [.. _faults];
        }
    }

    /// <summary>How often the PIN was entered for the lunch.</summary>
    public int Attempts { get; private set; }

    /// <summary>Learned from a notice that the lunch was paid.</summary>
    public bool ToldLate { get; private set; }

    /// <summary>How often the holder was told that a payment was not made.</summary>
    public int ToldNotMade { get; private set; }

    /// <summary>Has all that was wanted, as far as told.</summary>
    public bool HasAll => _loaded && _paid;

    /// <summary>Took the choice that ends the session.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Presses "Begin again" where a session ended.</summary>
    public bool WantsAnother => !HasLeft;

    /// <summary>What a holder with other wishes does; null where they have none.</summary>
    protected virtual ScreenAnswer? Wish(ScreenRequest request) => null;

    /// <summary>The item they want; null where they want none of these.</summary>
    protected virtual string? Wish(IReadOnlyList<string> items) => null;

    /// <summary>They take in everything that was told so far.</summary>
    protected virtual void Learn(string told) { }

    /// <summary>They have what they came for.</summary>
    protected void Leaves() => HasLeft = true;

    /// <summary>The card is put in: another visit.</summary>
    public void Arrive()
    {
        lock (_gate) HasLeft = false;
    }

    /// <summary>How the story ended, as this person learned of it.</summary>
    internal StoryEnding EndingWith(IReadOnlyList<string> faults) => faults.Count > 0
        ? StoryEnding.Fault
        : (ToldNotMade, Attempts, ToldLate) switch
        {
            ( > 0, _, _) => StoryEnding.NotMadeThenPaid,
            (_, > 1, _) => StoryEnding.AskedAgain,
            (_, _, true) => StoryEnding.SettledLater,
            _ => StoryEnding.PaidAtOnce,
        };

    public void Read(PageStatus status)
    {
        lock (_gate)
        {
            Note("status", status.Text);
            Hear(status.Text);
        }
    }

    public PageAnswer Answer(PageRequest request)
    {
        lock (_gate)
        {
            var text = string.Join(' ', TextRendering.Lines(request.View, Columns));
            Note("page", $"{text} {(request is ChoicePage page ? string.Join(" | ", page.Choices) : "")}");
            Hear(text);
            PageAnswer answer = request switch
            {
                NotePage => new Continued(),
                ChoicePage choice when Choose(choice.Choices) is >= 0 and var place => new Chosen(place),
                _ => Refuse<PageAnswer>($"page: {text}", new Platform.Sessions.Cancelled()),
            };
            Note("answer", JsonSerializer.Serialize(answer));
            return answer;
        }
    }

    public Task<ScreenAnswer> AskAsync(ScreenRequest request, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (_gate) return Task.FromResult(Answer(request));
    }

    public void Idle(IdleState state)
    {
        // Nothing is asked.
    }

    private ScreenAnswer Answer(ScreenRequest request)
    {
        Pass();
        if (request is ListShown { Title: var title }) Hear(title);
        if (Wish(request) is { } wish) return wish;
        switch (request)
        {
            case TextShown shown:
                recorder.Note($"screen: {shown.Text}");
                Hear(shown.Text);
                return new Acknowledged();
            case ListShown list when Choose(list.Items) is >= 0 and var place:
                return new Selected(place);
            case SecretAsked { Kind: SecretKind.Pin, Payment: { Amount: "12.50", Currency: "EUR" } } when !_paid:
                (_open, Attempts) = (true, Attempts + 1);
                recorder.Note("screen: PIN entered");
                return new Entry(Pin);
            default:
                return Refuse<ScreenAnswer>($"screen: {request}", new Terminal.Displays.Cancelled());
        }
    }

    private int Choose(IReadOnlyList<string> items)
    {
        Pass();
        var want = Wish(items) is { } wish ? wish : items.Contains(Leave, StringComparer.Ordinal)
            ? AtTheMenu()
            : items.FirstOrDefault(item => item is "50.00" or "Lunch 12.50" or "Begin again");
        return items.ToList().IndexOf(want ?? "");
    }

    private string AtTheMenu()
    {
        if (_open) Fault("was not told what became of the payment");
        _open = false;
        HasLeft = HasAll;
        return HasAll ? Leave : _loaded ? "Pay" : "Load money";
    }

    /// <summary>Takes in what was said; a small display says one thing in several screens.</summary>
    private void Hear(string text)
    {
        _told.Append(text.Replace('\n', ' ')).Append(' ');
        Learn(_told.ToString());
        foreach (Match match in Sayings().Matches(_told.ToString(), _heard))
        {
            _heard = match.Index + match.Length;
            if (match.Groups["balance"] is { Success: true } told) Balance(told.Value);
            else if (match.Groups["loaded"].Success) _loaded = true;
            else if (match.Groups["not"].Success) NotMade();
            else Made(late: match.Groups["late"].Success);
        }
    }

    private void Made(bool late)
    {
        if (!_open && !_paid) Fault("is told of a payment that was not confirmed");
        ToldLate |= late && !_paid;
        (_paid, _open) = (true, false);
    }

    private void NotMade()
    {
        if (_paid) Fault("is told that the payment was not made after it was");
        (_open, ToldNotMade) = (false, ToldNotMade + 1);
    }

    private void Balance(string told)
    {
        _loaded |= told is "50.00";
        var expected = (_loaded, _paid) switch
        {
            (false, _) => "0.00",
            (true, false) => "50.00",
            _ => "37.50",
        };
        if (!_open && !string.Equals(told, expected, StringComparison.Ordinal))
            Fault($"is told of {told} and believes in {expected}");
    }

    private T Refuse<T>(string what, T answer)
    {
        Fault($"does not know what to do: {what}");
        return answer;
    }

    private void Fault(string what) => _faults.Add($"The holder {what}.");

    /// <summary>People take their time.</summary>
    private void Pass() => time.Advance(TimeSpan.FromSeconds(1));

    private void Note(string where, string text) => recorder.Take(where, text);

    [GeneratedRegex(
        @"You have (?<balance>\d+\.\d\d)\.|(?<loaded>50\.00 came from your bank\.)|(?<made>Paid\. Enjoy it!)|" +
        @"(?<late>Your payment of 12\.50 for Lunch was made\.)|" +
        @"(?<not>Your payment for [^.]*? was not made\. Nothing was taken\.)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sayings();
}
