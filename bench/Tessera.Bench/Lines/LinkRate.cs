using System.Globalization;
using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Testing.Lines;
using Tessera.Wire;

namespace Tessera.Bench.Lines;

/// <summary>
/// Octets a second that a link carries on each modem alone, A-law, 80 ms one way, by share of packets lost: a row of
/// octets one way, and scripts of 300 octets with their answers of 250. Time is counted in samples.
/// </summary>
internal static class LinkRate
{
    private const int Seeds = 15;
    private const int Bulk = 1000;
    private const int Down = 300;
    private const int Up = 250;

    private static readonly double[] Losses = [0, 0.01, 0.03];
    private static readonly (string Name, LineModem Modem)[] Modems =
    [
        ("tones", LineModems.Tones), ("V.21", LineModems.V21), ("V.23", LineModems.V23),
        ("Bell 202", LineModems.Bell202), ("native", LineModems.Ofdm),
    ];

    /// <param name="name">The beginning of the name of those that are measured; empty for all.</param>
    public static void Run(string name)
    {
        Console.WriteLine("| modem | loss | to data, s | one way, octets/s | scripts, octets/s | links lost |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (modem, rungs) in Modems.Where(each => each.Name.StartsWith(name, StringComparison.Ordinal)))
        {
            foreach (var loss in Losses) Console.WriteLine($"| {modem} | {loss * 100:F0} % | {Row(rungs, loss)} |");
        }
    }

    private static string Row(LineModem modem, double loss)
    {
        var (connects, bulks, scripts, lost) = (new List<double>(), new List<double>(), new List<double>(), 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            using var call = new Call(modem, loss, seed);
            if (!call.Connect())
            {
                lost++;
                continue;
            }

            connects.Add(call.Seconds);
            if (call.Time(() => call.Send(call.Server, call.AtDevice, Bulk)) is not { } bulk)
            {
                lost++;
                continue;
            }

            bulks.Add(Bulk / bulk);
            var exchange = call.Time(() => Enumerable.Range(0, 2).All(_ =>
                call.Send(call.Server, call.AtDevice, Down) && call.Send(call.Device, call.AtServer, Up)));
            if (exchange is { } time) scripts.Add(2 * (Down + Up) / time);
            else lost++;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Median(connects):F1} | {Median(bulks):F1} | {Median(scripts):F1} | {lost} of {Seeds}");
    }

    private static double Median(List<double> values) =>
        values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);

    private sealed class Call : IDisposable
    {
        private readonly LineKey _serverKey = LineKey.Generate();
        private readonly LineKey _deviceKey = LineKey.Generate();
        private readonly DuplexLine _line;
        private readonly byte[] _octets = new byte[8192];
        private readonly short[] _toServer = new short[AudioBlock.Length];
        private readonly short[] _toDevice = new short[AudioBlock.Length];
        private (bool Server, bool Device) _concealed;

        public Call(LineModem modem, double loss, int seed)
        {
            Sequence<LineModem> modems = [modem];
            Server = new LineEnd(new LineServerOptions { Key = _serverKey, Modems = modems, Allows = _ => true });
            Device = new LineEnd(new LineDeviceOptions
            {
                Key = _deviceKey, Modems = modems, Server = _serverKey.PublicKey,
            });
            _line = new DuplexLine(
                new LineConditions
                {
                    Companding = Companding.ALaw, Latency = 4,
                    Loss = loss == 0 ? PacketLoss.None : PacketLoss.Random(loss),
                },
                seed);
        }

        public LineEnd Server { get; }

        public LineEnd Device { get; }

        public Received AtServer { get; } = new();

        public Received AtDevice { get; } = new();

        public double Seconds => (double)Server.Now / AudioBlock.Rate;

        private bool IsData => Server.State == LineState.Data && Device.State == LineState.Data;

        public bool Connect()
        {
            Device.Arm(TimeSpan.FromMinutes(5));
            Server.Escape();
            while (!IsData && Server.State != LineState.Voice) Step();
            return IsData;
        }

        /// <returns>Seconds; nothing when the link was lost.</returns>
        public double? Time(Func<bool> work)
        {
            var begun = Seconds;
            return work() ? Seconds - begun : null;
        }

        public bool Send(LineEnd from, Received to, int octets)
        {
            var end = to.Count + octets;
            from.Write(new byte[octets]);
            while (to.Count < end && IsData) Step();
            return to.Count == end;
        }

        public void Dispose()
        {
            Server.Dispose();
            Device.Dispose();
            _serverKey.Dispose();
            _deviceKey.Dispose();
        }

        private void Step()
        {
            Process(Server, _toServer, _concealed.Server, AtServer);
            Process(Device, _toDevice, _concealed.Device, AtDevice);
            _concealed = _line.Exchange(_toServer, _toDevice);
        }

        private void Process(LineEnd end, short[] samples, bool concealed, Received received)
        {
            short[] heard = [.. samples];
            samples.AsSpan().Clear();
            end.Process(heard, concealed, samples);
            received.Count += end.Read(_octets);
        }
    }

    private sealed class Received
    {
        public int Count { get; set; }
    }
}
