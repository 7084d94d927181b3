using System.Security.Cryptography;
using System.Text;
using Tessera.Platform.Holders;
using Tessera.Platform.Views;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>After a restart a session asked something else than what is on record for it.</summary>
public sealed class ReplayDiffersException(int step)
    : Exception($"Step {step} of the session is not the one on record.")
{
    public int Step { get; } = step;
}

/// <summary>
/// Everything a session does that has an outcome goes through here and is on record before it counts; after a restart
/// the same calls get the recorded outcomes, up to the step that was under way.
/// </summary>
internal sealed class Journal(ISessionStore store, SessionReference session, IReadOnlyList<SessionStep> recorded)
{
    public const int MaxSteps = 4096;

    private const int ViewColumns = 80;

    private int _next;

    /// <summary>What happens now has happened before.</summary>
    public bool IsReplaying => _next < recorded.Count && recorded[_next].Answer is not null;

    /// <summary>What happens next is not on record.</summary>
    public bool IsAtEnd => _next >= recorded.Count;

    /// <summary>What happens next is on record, and it is the effect of that name.</summary>
    public bool IsNext(string effect) => _next < recorded.Count && recorded[_next].Asked == Effect(effect);

    /// <summary>What came of the effects of that name among the steps of a session.</summary>
    public static IEnumerable<T> Effects<T>(IEnumerable<SessionStep> steps, string name) => steps
        .Where(step => step is { Kind: StepKind.Effect, Answer: not null } && step.Asked == Effect(name))
        .Select(step => SessionJson.Read<T>(step.Answer!.Value));

    /// <summary>Does something once, or gives what came of it.</summary>
    /// <param name="act">
    /// Gets a key that is the same each time this step is tried: a crash can fall between effect and record.
    /// </param>
    public async Task<T> EffectAsync<T>(
        string name, Func<string, CancellationToken, Task<T>> act, CancellationToken cancel)
    {
        var asked = Effect(name);
        if (Recorded(StepKind.Effect, asked) is { } step) return SessionJson.Read<T>(step.Answer!.Value);

        var value = await act($"{session}:{Ordinal}", cancel);
        await AddAsync(StepKind.Effect, asked, SessionJson.Write(value), cancel);
        return value;
    }

    public async Task<PageAnswer> PresentAsync(IPage page, PageRequest request, CancellationToken cancel)
    {
        var asked = Hash(Text(request));
        if (Recorded(StepKind.Page, asked) is { } step) return SessionJson.Read<PageAnswer>(step.Answer!.Value);

        var answer = await page.PresentAsync(request, cancel);
        await AddAsync(StepKind.Page, asked, SessionJson.Write(answer), cancel);
        return answer;
    }

    /// <summary>Sends a script and records its answer; a script without one is sent again, octet for octet.</summary>
    /// <param name="asked">Names what is asked, whatever numbers and codes the script carries.</param>
    /// <param name="build">Makes the script of that session and number.</param>
    /// <exception cref="ConnectionLostException">The insertion ended before an answer came.</exception>
    public async Task<Exchange> SendAsync(
        Seat seat, Bytes asked, Func<ushort, byte, Task<Bytes>> build, CancellationToken cancel)
    {
        var at = seat.At;
        if (Recorded(StepKind.Script, asked) is not { } step)
        {
            // Where nobody can run it any more it takes no number: others may be counting there.
            Bytes? lost = seat.Link.Ended.IsCancellationRequested ? Bytes.Empty : null;
            var sending = new SentScript(at, seat.NextNumber, await build(at.Number, seat.NextNumber));
            step = new SessionStep(Ordinal, StepKind.Script, asked, sending, lost);
            await store.AddAsync(session, step, cancel);
            _next++;
            if (lost is null) seat.TakeNumber();
        }

        var sent = step.Script!;
        var answer = step.Answer;
        if (answer is null)
        {
            answer = sent.At == at ? await TrySendAsync(seat, sent, cancel) : Bytes.Empty;
            await store.AnswerAsync(session, step.Ordinal, answer.Value, cancel);
        }

        return answer.Value.Length > 0
            ? new Exchange(sent.Octets, answer.Value)
            : throw new ConnectionLostException("The card was taken out before its answer came.");
    }

    /// <summary>Gives up replaying: what comes is new.</summary>
    public void Abandon() => _next = Math.Max(_next, recorded.Count);

    private static Bytes Effect(string name) => Hash($"effect\n{name}");

    public static Bytes Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    public static Bytes Hash(ReadOnlySpan<byte> octets) => new(SHA256.HashData(octets));

    private static async Task<Bytes> TrySendAsync(Seat seat, SentScript sent, CancellationToken cancel)
    {
        try
        {
            return await seat.Link.SendAsync(sent.Number, sent.Octets, cancel);
        }
        catch (Exception lost) when (lost is ConnectionLostException or TimeoutException)
        {
            return Bytes.Empty;
        }
    }

    private SessionStep? Recorded(StepKind kind, Bytes asked)
    {
        if (_next >= recorded.Count) return null;
        var step = recorded[_next];
        if (step.Kind != kind || step.Asked != asked) throw new ReplayDiffersException(step.Ordinal);
        _next++;
        return step;
    }

    /// <summary>What fails leaves no gap.</summary>
    private async Task AddAsync(StepKind kind, Bytes asked, Bytes answer, CancellationToken cancel)
    {
        await store.AddAsync(session, new SessionStep(Ordinal, kind, asked, null, answer), cancel);
        _next++;
    }

    /// <summary>Of the step that comes next.</summary>
    private int Ordinal => _next < MaxSteps
        ? _next
        : throw new InvalidOperationException($"A session has at most {MaxSteps} steps.");

    private static string Text(PageRequest request)
    {
        var choices = request is ChoicePage page ? page.Choices : [];
        var bounds = request switch
        {
            TextPage text => $"{text.Least} {text.Most}",
            AmountPage amount => $"{amount.Least} {amount.Most}",
            _ => "",
        };
        var lines = TextRendering.Lines(request.View, ViewColumns);
        return string.Join('\n', [request.GetType().Name, bounds, .. choices, .. lines]);
    }
}

/// <summary>A script as sent and its answer, exact octets.</summary>
internal sealed record Exchange(Bytes Sent, Bytes Answer);
