using Tessera.Server.Browsers;

namespace Tessera.Server.Books;

/// <summary>Wakes the pages of books and changes when something was written that stands on them.</summary>
internal sealed class BookNews(TimeProvider time)
{
    /// <summary>The whole proof is made anew for each page, so what comes together is told together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Signal _written = new();

    /// <summary>Takes what the database says of itself; called while it writes.</summary>
    public void Take(string moment)
    {
        if (moment is "after purse" or "after booking" or "after field") _written.Raise();
    }

    public async Task ChangedAsync(CancellationToken cancel)
    {
        await _written.WaitAsync(cancel);
        await Task.Delay(Pause, time, cancel);
    }
}
