using System.Security.Cryptography;
using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;

namespace Tessera.Server.Browsers;

/// <summary>The page of an application beside one terminal, as every browser bound to that terminal sees it.</summary>
/// <remarks>What is shown is a value; a change of it wakes whoever waits in <see cref="ChangedAsync"/>.</remarks>
public sealed class BrowserPage : IPage
{
    private readonly Lock _gate = new();
    private const int MaxText = 400;

    private static readonly PageStatus Moment = new(PageState.Working, "One moment.");

    private long _number;
    private string _ticket = "";
    private PageRequest? _request;
    private PageStatus _told = Moment;
    private Absence? _absence;
    private TaskCompletionSource<PageAnswer>? _answer;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>
    /// What a browser shows now: what the session asks; else what is missing; else what the session said.
    /// </summary>
    public PageSight Sight
    {
        get
        {
            lock (_gate)
            {
                var status = _absence is not null && _told.State != PageState.InsertCard ? _absence.Meanwhile : _told;
                return new PageSight(_number, _ticket, _request, _request is null ? status : null, _absence?.Notice);
            }
        }
    }

    public async Task<PageAnswer> PresentAsync(PageRequest request, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<PageAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        Show(Convert.ToHexString(RandomNumberGenerator.GetBytes(8)), request, null, answer);
        try
        {
            return await answer.Task.WaitAsync(cancel);
        }
        finally
        {
            Withdraw(answer);
        }
    }

    public ValueTask TellAsync(PageStatus status, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Show("", null, status, null);
        return ValueTask.CompletedTask;
    }

    /// <summary>What is missing at the terminal, null for nothing.</summary>
    public void Miss(Absence? absence)
    {
        lock (_gate)
        {
            if (_absence == absence) return;
            _absence = absence;
            Signal();
        }
    }

    /// <summary>
    /// Hands over the holder's answer; false when the page has moved on since it was drawn, or the text is longer than
    /// any.
    /// </summary>
    public bool TryAnswer(string ticket, PageAnswer answer)
    {
        if (answer is Typed { Text.Length: > MaxText }) return false;
        lock (_gate) return IsCurrent(ticket) && _answer!.TrySetResult(answer);
    }

    /// <summary>Completes when the page no longer shows <paramref name="seen"/>.</summary>
    public Task ChangedAsync(PageSight seen, CancellationToken cancel)
    {
        lock (_gate) return _number == seen.Number ? _changed.Task.WaitAsync(cancel) : Task.CompletedTask;
    }

    private bool IsCurrent(string ticket) =>
        _answer is not null && string.Equals(_ticket, ticket, StringComparison.Ordinal);

    private void Show(string ticket, PageRequest? request, PageStatus? status, TaskCompletionSource<PageAnswer>? answer)
    {
        lock (_gate)
        {
            (_ticket, _request, _answer) = (ticket, request, answer);
            _told = status ?? Moment;
            Signal();
        }
    }

    /// <summary>An answered page says at once that something happens, so that nobody presses twice.</summary>
    private void Withdraw(TaskCompletionSource<PageAnswer> answer)
    {
        lock (_gate)
        {
            if (_answer == answer) Show("", null, Moment, null);
        }
    }

    private void Signal()
    {
        _number++;
        var woken = _changed;
        _changed = NewSignal();
        woken.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What a browser at an address is shown.</summary>
/// <param name="Here">The application whose address it is; null for that of all.</param>
/// <param name="Running">The one whose session it sees; null for none.</param>
/// <param name="Offered">What is listed to choose from; empty where no applications are.</param>
public sealed record PagePart(
    PageSight Sight, ICardApplication? Here, ICardApplication? Running, IReadOnlyList<ICardApplication> Offered);

/// <summary>What is missing at a terminal.</summary>
/// <param name="Notice">Said above whatever is shown.</param>
/// <param name="Meanwhile">Said where nothing is asked.</param>
public sealed record Absence(string Notice, PageStatus Meanwhile);

/// <summary>Either a request that wants an answer under its ticket, or a status.</summary>
/// <param name="Number">Another one is another sight.</param>
/// <param name="Notice">What is missing at the terminal; null for nothing.</param>
public sealed record PageSight(long Number, string Ticket, PageRequest? Request, PageStatus? Status, string? Notice);
