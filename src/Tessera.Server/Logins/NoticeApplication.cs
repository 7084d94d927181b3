using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;

namespace Tessera.Server.Logins;

/// <summary>Says one thing to a holder whose session begins in vain.</summary>
internal sealed class NoticeApplication(string name, string text) : ICardApplication
{
    public string Name => name;

    public string Title => "Tessera";

    public async Task RunAsync(CardSession session, CancellationToken cancel) =>
        await session.RunAsync(Dialogue.Show(text), cancel);
}
