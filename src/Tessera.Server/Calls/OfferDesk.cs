using Tessera.Phone.Calls;
using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Tessera.Platform.Applications;
using Tessera.Platform.Sessions;
using Tessera.Server.Hosting;

namespace Tessera.Server.Calls;

/// <summary>
/// Leads a caller through the offers of an application: chosen by keys before a card is there, carried out with the card
/// in the device on the line.
/// </summary>
internal sealed class OfferDesk(
    ServerOptions options, CallLimits limits, CallLines lines, ApplicationCatalogue catalogue, LostCards lostCards,
    TimeProvider time, ILogger<OfferDesk> log)
{
    /// <summary>A device to which nobody answers mutes its people for so long.</summary>
    private static readonly TimeSpan DeviceGivesUp = TimeSpan.FromSeconds(3);

    private readonly Espeak? _espeak = Espeak.Find();

    /// <summary>Serves the caller until they leave, choose nothing, or nothing happens any more.</summary>
    public async Task AnswerAsync(CallDesk call, IOfferingApplication application, CancellationToken cancel)
    {
        using var still = new StillCall(limits.Stillness, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel, still.Over);
        await AnswerAsync(call, application, still, ending.Token);
    }

    private async Task AnswerAsync(
        CallDesk call, IOfferingApplication application, StillCall still, CancellationToken cancel)
    {
        var voice = new CallVoice(call, still, options.Language, _espeak, log);
        await using var visit = new CallVisit(call, voice, lines, catalogue, still, limits, log);
        var opening = await voice.SoundAsync(application.Greeting, cancel) ?? voice.Words.Say("welcome").ToSamples();
        var items = await ItemsAsync(voice, application.Offers, cancel);
        var tries = KeyMenu.Tries;
        while (await new KeyMenu(voice).ChooseAsync(opening, items, cancel, tries) is { } place)
        {
            if (place < application.Offers.Count)
                await ServeAsync(call, voice, visit, application, application.Offers[place], cancel);
            else
                await lostCards.ServeAsync(call, voice, cancel);
            (opening, tries) = ([], 1);
        }

        await voice.SayAsync("goodbye", cancel);
    }

    private async Task ServeAsync(
        CallDesk call, CallVoice voice, CallVisit visit, IOfferingApplication application, Offer offer,
        CancellationToken cancel)
    {
        var end = await visit.CarryOutAsync(application.Take(offer.Name)!, cancel);
        log.LogInformation("Call {Call}: {Offer} ended: {End}", call.Id, offer.Name, end);
        switch (end)
        {
            case SessionEnd.Completed:
                await voice.SayAsync("thanks", cancel);
                break;
            case SessionEnd.Left or null:
                await SayWhyAsync(voice, visit.Absence, cancel);
                if (offer.Price is not null) await voice.SayAsync("not-paid", cancel);
                break;
            case SessionEnd.Lost or SessionEnd.Failed or SessionEnd.Differs:
                await voice.SayAsync("call-again", cancel);
                break;
        }
    }

    /// <summary>Why nothing came of it, where it was for the device; then the caller is asked again what they want.</summary>
    private static Task SayWhyAsync(CallVoice voice, DeviceAbsence absence, CancellationToken cancel) => absence switch
    {
        DeviceAbsence.Silent => voice.SayAsync("no-device", cancel),
        DeviceAbsence.Unknown => voice.SayAsync(
            voice.Words.Pause(DeviceGivesUp).Say("unknown-device").Say("ask-issuer").ToSamples(), cancel),
        DeviceAbsence.Unfit => voice.SayAsync("look-at-device", cancel),
        _ => Task.CompletedTask,
    };

    /// <summary>Each offer with its price; behind them what a caller can do without a card.</summary>
    private static async Task<IReadOnlyList<short[]>> ItemsAsync(
        CallVoice voice, IReadOnlyList<Offer> offers, CancellationToken cancel)
    {
        List<short[]> items = [];
        foreach (var offer in offers)
        {
            var title = await voice.SoundAsync(offer.Title, cancel) ?? throw new InvalidOperationException(
                $"Nobody can say '{offer.Title}': it is not in the vocabulary, and espeak-ng is not installed.");
            var price = offer.Price is { } amount ? voice.Words.Amount(amount.MinorUnits).ToSamples() : [];
            items.Add([.. title, .. price, .. new short[AudioBlock.Length]]);
        }

        items.Add(voice.Words.Say("lost-card").ToSamples());
        return items;
    }
}
