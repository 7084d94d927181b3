using Tessera.Phone.Calls;
using Tessera.Platform.Applications;
using Tessera.Server.Hosting;

namespace Tessera.Server.Calls;

/// <summary>
/// Who answers a call: the number that was called says it; any number that is not known is that of the login.
/// </summary>
internal sealed class CallRouter(
    ServerOptions options, ApplicationCatalogue catalogue, CallProcessor logins, OfferDesk offers)
{
    public Task AnswerAsync(CallDesk call, CancellationToken cancel) =>
        options.OfferNumbers.TryGetValue(call.Called, out var name)
        && catalogue.Find(name) is IOfferingApplication application
            ? offers.AnswerAsync(call, application, cancel)
            : logins.AnswerAsync(call, cancel);
}
