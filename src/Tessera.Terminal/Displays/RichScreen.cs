namespace Tessera.Terminal.Displays;

/// <summary>A display of any size with a full keyboard: the page draws the request as it is.</summary>
public sealed class RichScreen : Screen
{
    private ScreenRequest? _request;
    private long _ask;

    /// <summary>What is shown now.</summary>
    public RichSight Sight
    {
        get
        {
            lock (Gate) return new RichSight(Number, _ask, _request, Resting);
        }
    }

    /// <summary>
    /// Hands over the holder's answer; false when the screen has moved on or the answer does not fit.
    /// </summary>
    public bool TryAnswer(long ask, ScreenAnswer answer)
    {
        lock (Gate)
        {
            var taken = IsAsking && ask == _ask && Fits(_request!, answer);
            if (taken) Settle(answer);
            else (answer as Entry)?.Dispose();
            return taken;
        }
    }

    protected override void Show(ScreenRequest? request)
    {
        _request = request;
        _ask++;
    }

    private static bool Fits(ScreenRequest request, ScreenAnswer answer) => (request, answer) switch
    {
        (_, Cancelled) => true,
        (TextShown, Acknowledged) => true,
        (ListShown list, Selected selected) => selected.Place >= 0 && selected.Place < list.Items.Count,
        (TextAsked asked, Entry entry) => Fits(entry, asked.Least, asked.Most, asked.Digits),
        (AmountAsked asked, Entry entry) => Fits(entry, 1, asked.MostDigits, digits: true),
        (SecretAsked asked, Entry entry) => Fits(entry, asked.Least, asked.Most, digits: true),
        (DecisionAsked, Decided) => true,
        _ => false,
    };

    private static bool Fits(Entry entry, int least, int most, bool digits)
    {
        var typed = entry.Reveal();
        return typed.Length >= least && typed.Length <= most && (!digits || !typed.ContainsAnyExceptInRange('0', '9'));
    }
}

/// <summary>What a rich screen shows.</summary>
/// <param name="Number">Another one is another sight.</param>
/// <param name="Ask">Names the request; an answer names it again.</param>
public sealed record RichSight(long Number, long Ask, ScreenRequest? Request, IdleState Idle);
