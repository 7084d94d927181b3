using System.Diagnostics;
using System.Globalization;
using System.Net;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;

namespace Tessera.Bench;

/// <summary>
/// How well 200 calls keep time: each hears DTMF and speaks back what it heard, moved by one thread; their peers, on a
/// thread of their own in the same process, speak all the time.
/// </summary>
internal static class CallRate
{
    private const int Calls = 200;
    private const int Blocks = 1500;
    private const int Runs = 3;

    public static async Task RunAsync()
    {
        for (var run = 0; run < Runs; run++) await OnceAsync();
    }

    private static async Task OnceAsync()
    {
        using var ours = new RtpPacer(TimeProvider.System);
        using var theirs = new RtpPacer(TimeProvider.System);
        var watched = Enumerable.Range(0, Calls).Select(_ => new Watched()).ToArray();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        var begun = Stopwatch.GetTimestamp();
        foreach (var call in watched) call.Begin(ours, theirs);
        await Task.WhenAll(watched.Select(call => call.Done));
        var used = (Process.GetCurrentProcess().TotalProcessorTime - processor) / Stopwatch.GetElapsedTime(begun);

        double[] late = [.. watched.SelectMany(call => call.Lateness()).Order()];
        var statistics = watched.Select(call => call.Statistics).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Calls} calls, {Blocks} blocks each: late by {late[late.Length / 2]:F2} ms (p50), "
            + $"{late[late.Length * 99 / 100]:F2} ms (p99), {late[^1]:F2} ms (most); "
            + $"{statistics.Sum(s => s.Received):N0} packets heard, {statistics.Sum(s => s.Lost):N0} lost, "
            + $"{statistics.Sum(s => s.Late):N0} late; {used * 100:F0} % of a core for both ends"));
    }

    /// <summary>A call and its peer; the times of its blocks are written down.</summary>
    private sealed class Watched
    {
        private readonly long[] _times = new long[Blocks];
        private readonly DtmfDetector _detector = new();
        private readonly Oscillator _tone = new(1004, -13);
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private RtpCall? _call;
        private int _count;

        public Task Done => _done.Task;

        public RtpStatistics Statistics => _call!.Session.Statistics;

        public void Begin(RtpPacer ours, RtpPacer theirs)
        {
            var (here, there) = (RtpPort.Bind(IPAddress.Loopback), RtpPort.Bind(IPAddress.Loopback));
            theirs.Start(there, Session(here.EndPoint), Speak);
            _call = ours.Start(here, Session(there.EndPoint), Hear);
        }

        /// <summary>
        /// Milliseconds that each block came later than the first would have it, which was the most punctual.
        /// </summary>
        public IEnumerable<double> Lateness()
        {
            var period = Stopwatch.Frequency * AudioBlock.Length / AudioBlock.Rate;
            var earliest = _times.Select((time, i) => time - (i * period)).Min();
            return _times.Select((time, i) => (time - (i * period) - earliest) * 1000.0 / Stopwatch.Frequency);
        }

        private static RtpSession Session(IPEndPoint peer) =>
            new(new AudioAgreement(peer, AudioCodec.Pcma, AudioDirection.SendReceive), new RtpOptions());

        private void Hear(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
        {
            _detector.Write(heard);
            heard.CopyTo(spoken);
            if (_count < Blocks) _times[_count++] = Stopwatch.GetTimestamp();
            else _done.TrySetResult();
        }

        private void Speak(ReadOnlySpan<short> heard, bool concealed, Span<short> spoken)
        {
            foreach (ref var sample in spoken) sample = Level.Clip(_tone.Next());
        }
    }
}
