using System.Net;
using Tessera.Phone.Sip;

namespace Tessera.Lab.Houses.Sockets;

/// <summary>
/// A call that came in at one side and is passed on to the other, as a call of its own with the same codec and payload
/// types: what happens to one happens to the other.
/// </summary>
/// <param name="near">Where the caller sends its sound to.</param>
/// <param name="far">Where the called one does.</param>
internal sealed class PassedCall(SipCall incoming, IPEndPoint near, IPEndPoint far)
{
    private readonly OfferedAudio _offered = OfferedAudio.Of(incoming.Offer);

    /// <summary>Told once, when it rings at the called one.</summary>
    public required Action Rings { get; init; }

    /// <summary>Told once, when the call stands: what was agreed upon with the caller, and with the called one.</summary>
    public required Action<AudioAgreement, AudioAgreement> Stands { get; init; }

    /// <summary>Calls on, and follows both until they are over.</summary>
    /// <param name="cut">Ends both.</param>
    /// <returns>How the called one ended.</returns>
    /// <exception cref="InvalidOperationException">The endpoint has too many calls.</exception>
    public async Task<CallEnd> RunAsync(SipEndpoint endpoint, SipUri to, CallOptions options, CancellationToken cut)
    {
        await using var other = await endpoint.CallAsync(to, _offered.At(far), options, CancellationToken.None);
        await using var cutting = cut.Register(() => _ = other.DisposeAsync().AsTask());
        var following = EndWithAsync(other);
        try
        {
            await foreach (var happened in other.Events.ReadAllAsync(CancellationToken.None)) await FollowAsync(happened);
            var end = await other.Ended;
            if (incoming.State == CallState.Incoming) incoming.Reject(StatusOf(end));
            return end;
        }
        finally
        {
            await incoming.DisposeAsync();
            await following;
        }
    }

    private async Task FollowAsync(CallEvent happened)
    {
        switch (happened)
        {
            case CallEvent.Progress { Status: SipStatus.Ringing }:
                incoming.Ring();
                Rings();
                break;
            case CallEvent.Answered { Audio: var there }:
                if (await incoming.AcceptAsync(_offered.At(near, there), CancellationToken.None) is { } here)
                    Stands(here, there);
                break;
        }
    }

    /// <summary>Who called hangs up.</summary>
    private async Task EndWithAsync(SipCall other)
    {
        await incoming.Ended;
        await other.DisposeAsync();
    }

    private static SipStatus StatusOf(CallEnd end) => end switch
    {
        { Status: >= (SipStatus)300 and { } status } => status,
        { Reason: CallEndReason.NotAnswered } => SipStatus.TemporarilyUnavailable,
        _ => SipStatus.ServiceUnavailable,
    };
}
