using Tessera.Phone.Measuring;
using Tessera.Phone.Modems;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;

namespace Tessera.Cli;

/// <summary>A call in which nothing is said but what measures its line.</summary>
internal sealed class MeasuredCall(SipCall call, RtpPort port, RtpPacer pacer, CallSide side)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RtpCall? _media;

    /// <summary>Measures until all is known, or the call ends.</summary>
    /// <param name="hangUp">This end hangs up then; else the other.</param>
    /// <returns>Null when the call was never answered.</returns>
    public async Task<LineMeasure?> RunAsync(bool hangUp, CancellationToken cancel)
    {
        LineMeasure? measure = null;
        Task? leaves = null;
        try
        {
            await foreach (var happened in call.Events.ReadAllAsync(cancel))
            {
                if (happened is not CallEvent.Answered { Audio: var audio }) continue;

                var session = new RtpSession(audio, new RtpOptions());
                measure = new LineMeasure(side, () => session.Statistics.Jitter);
                _media = pacer.Start(port, session, (heard, concealed, said) =>
                {
                    measure.Process(heard, concealed, said);
                    if (measure.IsOver) _over.TrySetResult();
                });
                if (hangUp) leaves = LeaveAsync();
            }
        }
        finally
        {
            if (_media is not null) await _media.DisposeAsync();
            else port.Dispose();
            _over.TrySetResult();
        }

        if (leaves is not null) await leaves;
        return measure;
    }

    private async Task LeaveAsync()
    {
        await _over.Task;
        await call.HangUpAsync(CancellationToken.None);
    }
}
