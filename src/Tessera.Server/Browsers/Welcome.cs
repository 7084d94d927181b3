using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;

namespace Tessera.Server.Browsers;

/// <summary>
/// What runs for a card at a PC before its holder has chosen: a session settles what was open and offers what is new,
/// and that is all.
/// </summary>
internal sealed class Welcome : ICardApplication
{
    public string Name => "welcome";

    public string Title => "Your card";

    public Task RunAsync(CardSession session, CancellationToken cancel) => Task.CompletedTask;
}
