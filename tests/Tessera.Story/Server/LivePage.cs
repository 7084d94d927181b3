using Tessera.Platform.Sessions;
using Tessera.Story.People;

namespace Tessera.Story.Server;

/// <summary>The browser of a person beside a server: it shows nothing of one that is dead.</summary>
internal sealed class LivePage(Person person, Idleness idleness, Func<bool> isDead) : IPage
{
    public async Task<PageAnswer> PresentAsync(PageRequest request, CancellationToken cancel)
    {
        await Task.Yield();
        if (isDead()) await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        return person.Answer(request);
    }

    public ValueTask TellAsync(PageStatus status, CancellationToken cancel)
    {
        if (!isDead()) person.Read(status);
        if (status.State is PageState.InsertCard) idleness.Begins();
        return ValueTask.CompletedTask;
    }
}
