using Tessera.Phone.Calls;
using Tessera.Phone.Speech;
using Tessera.Server.Logins;

namespace Tessera.Server.Calls;

/// <summary>
/// Answers a call to the service: recognises the caller, says so, and sends a temporary login (docs/protocols/sms.md §7).
/// </summary>
internal sealed class CallProcessor(
    Callers callers, LoginDesk logins, Announcements announcements, ILogger<CallProcessor> log)
{
    /// <summary>A short message of the card is on its way while the call begins.</summary>
    private static readonly TimeSpan Announcing = TimeSpan.FromSeconds(3);

    private static readonly SpokenLanguage Language = SpokenLanguage.English;

    /// <summary>Talks to the caller until all is said.</summary>
    public async Task AnswerAsync(CallDesk call, CancellationToken cancel)
    {
        await SayAsync(call, Phrase.In(Language).Say("welcome"), cancel);
        var words = await ServeAsync(call, cancel);
        await SayAsync(call, words.Say("goodbye"), cancel);
    }

    /// <returns>What the caller is to be told.</returns>
    private async Task<Phrase> ServeAsync(CallDesk call, CancellationToken cancel)
    {
        var number = Callers.NumberOf(call.Caller);
        if (number is null || await callers.FindAsync(number, cancel) is not { } card)
        {
            log.LogInformation("Call {Call} from {Caller}: not recognised", call.Id, call.Caller.Certainty);
            return Phrase.In(Language).Say("unknown-number");
        }

        var isAnnounced = await announcements.TakeAsync(card.Card, Announcing, cancel);
        log.LogInformation(
            "Call {Call} of card {Card}, {Announced}", call.Id, card.Card, isAnnounced ? "announced" : "not announced");
        return await logins.OfferAsync(card, number, call.Id, application: null, isAnnounced, cancel)
            ? Phrase.In(Language).Say("message-sent").Say("thanks")
            : Phrase.In(Language).Say("call-again");
    }

    private static Task SayAsync(CallDesk call, Phrase phrase, CancellationToken cancel) =>
        call.PlayAsync(phrase.ToSamples(), cancel);
}
