using Tessera.Gateway;
using Tessera.Phone.Sip;
using Tessera.Platform.Holders;

namespace Tessera.Server.Calls;

/// <summary>Whose SIM a number is.</summary>
internal sealed class Callers(IGatewayStore subscribers, IHolderStore holders)
{
    /// <summary>Only what a trusted network asserts is a number: anybody can write another.</summary>
    /// <returns>Digits without +; null where nobody asserts any.</returns>
    public static string? NumberOf(CallerIdentity caller) =>
        caller is { Certainty: CallerCertainty.Asserted, Number: { } number } ? number.TrimStart('+') : null;

    /// <summary>The SIM of a number, where it may be used; null where there is none.</summary>
    public async Task<CardRegistration?> FindAsync(string number, CancellationToken cancel)
    {
        foreach (var subscriber in await subscribers.FindAsync(number, cancel))
        {
            if (await holders.FindCardAsync(subscriber.Card, cancel) is { State: CardState.Active } card) return card;
        }

        return null;
    }
}
