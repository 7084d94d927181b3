using System.Security.Cryptography;
using Tessera.Platform.Sessions;

namespace Tessera.Server.Browsers;

/// <summary>The page of an application beside one terminal, as every browser bound to that terminal sees it.</summary>
/// <remarks>What is shown is a value; a change of it wakes whoever waits in <see cref="ChangedAsync"/>.</remarks>
public sealed class BrowserPage : IPage
{
    private readonly Lock _gate = new();
    private static readonly PageStatus Moment = new(PageState.Working, "One moment.");

    private PageSight _sight = new(0, "", null, Moment, null);
    private TaskCompletionSource<PageAnswer>? _answer;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>What a browser shows now.</summary>
    public PageSight Sight
    {
        get
        {
            lock (_gate) return _sight;
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

    /// <summary>
    /// Says above whatever is shown what is missing at the terminal, null for nothing; a page that shows no request
    /// says <paramref name="meanwhile"/>.
    /// </summary>
    public void Notify(string? notice, PageStatus? meanwhile)
    {
        lock (_gate)
        {
            var status = _answer is null && meanwhile is not null ? meanwhile : _sight.Status;
            _sight = _sight with { Number = _sight.Number + 1, Notice = notice, Status = status };
            Signal();
        }
    }

    /// <summary>Hands over the holder's answer; false when the page has moved on since it was drawn.</summary>
    public bool TryAnswer(string ticket, PageAnswer answer)
    {
        lock (_gate) return IsCurrent(ticket) && _answer!.TrySetResult(answer);
    }

    /// <summary>Completes when the page no longer shows <paramref name="seen"/>.</summary>
    public Task ChangedAsync(PageSight seen, CancellationToken cancel)
    {
        lock (_gate) return _sight == seen ? _changed.Task.WaitAsync(cancel) : Task.CompletedTask;
    }

    private bool IsCurrent(string ticket) =>
        _answer is not null && string.Equals(_sight.Ticket, ticket, StringComparison.Ordinal);

    private void Show(string ticket, PageRequest? request, PageStatus? status, TaskCompletionSource<PageAnswer>? answer)
    {
        lock (_gate)
        {
            _sight = new PageSight(_sight.Number + 1, ticket, request, status, _sight.Notice);
            _answer = answer;
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
        var woken = _changed;
        _changed = NewSignal();
        woken.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Either a request that wants an answer under its ticket, or a status.</summary>
/// <param name="Number">Another one is another sight.</param>
/// <param name="Notice">What is missing at the terminal; null for nothing.</param>
public sealed record PageSight(long Number, string Ticket, PageRequest? Request, PageStatus? Status, string? Notice);
