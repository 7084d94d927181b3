using System.CommandLine;
using System.Globalization;
using System.Net;
using Tessera.Phone.Measuring;
using Tessera.Phone.Modems;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;

namespace Tessera.Cli;

/// <summary><c>tessera line</c>: what a telephone line does to a modem, in both directions.</summary>
internal static class LineCommand
{
    private static readonly Option<string?> To = new("--to")
    {
        Description = "Who answers the measurement, such as sip:measure@127.0.0.1:5060.",
        HelpName = "uri",
    };

    private static readonly Option<bool> Answer = new("--answer")
    {
        Description = "Be measured by callers until Ctrl+C.",
    };

    private static readonly Option<IPEndPoint> Listen = new("--listen")
    {
        Description = "Our address. Default 127.0.0.1, any port; with --answer port 5060.",
        HelpName = "address:port",
        CustomParser = result =>
        {
            if (IPEndPoint.TryParse(result.Tokens[0].Value, out var address)) return address;
            result.AddError($"'{result.Tokens[0].Value}' is no address:port.");
            return null;
        },
    };

    private static readonly Option<string?> In =
        new("--in") { Description = "Analyse the recorded probe in a WAV file.", HelpName = "file" };

    private static readonly Option<string?> Out =
        new("--out") { Description = "Write the probe to a WAV file.", HelpName = "file" };

    private static readonly Option<bool> Answerer = new("--answerer")
    {
        Description = "The probe of a file is that of the answerer; default: of the caller.",
    };

    public static Command Create() => new("line", "Measure telephone lines.") { Measure() };

    private static Command Measure()
    {
        var command = new Command(
            "measure", "Measure a line in both directions, or with --in one direction from a file.")
        {
            To, Answer, Listen, In, Out, Answerer, Verb.Json,
        };
        command.Validators.Add(parsed =>
        {
            var ways = Count(To) + Count(Answer) + Math.Max(Count(In), Count(Out));
            if (ways != 1) parsed.AddError("One of --to, --answer or --in and --out is needed.");

            int Count(Option option) => parsed.GetResult(option) is { Implicit: false } ? 1 : 0;
        });
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(To) is { } to) return await CallAsync(SipUri.Parse(to), parsed, cancel);
            if (parsed.GetValue(Answer)) return await AnswerAsync(parsed, cancel);
            return await FilesAsync(parsed, cancel);
        });
        return command;
    }

    private static async Task<int> FilesAsync(ParseResult parsed, CancellationToken cancel)
    {
        var side = parsed.GetValue(Answerer) ? CallSide.Answerer : CallSide.Caller;
        if (parsed.GetValue(Out) is { } output) await Wav.SaveAsync(output, Probe.Of(side).ToArray(), cancel);
        if (parsed.GetValue(In) is not { } input) return 0;

        if (ProbeAnalysis.Of(await Wav.LoadAsync(input, cancel), side) is not { } report)
            return Verb.Fail($"In {input} there is no probe of that side.");
        if (parsed.GetValue(Verb.Json)) Verb.PrintJson(LineReportJson.Of(report));
        else LineReportText.Print("heard", report);
        return 0;
    }

    private static async Task<int> CallAsync(SipUri to, ParseResult parsed, CancellationToken cancel)
    {
        await using var endpoint = Endpoint(parsed.GetValue(Listen) ?? new IPEndPoint(IPAddress.Loopback, 0));
        using var pacer = new RtpPacer(TimeProvider.System);
        var port = RtpPort.Bind(endpoint.Address.Address);
        await using var call = await endpoint.CallAsync(to, new LocalAudio(port.EndPoint), new CallOptions(), cancel);
        await using var cancelled = cancel.Register(() => _ = call.HangUpAsync(CancellationToken.None));
        var measured = new MeasuredCall(call, port, pacer, CallSide.Caller);
        var measure = await measured.RunAsync(hangUp: true, CancellationToken.None);
        if (measure is null) return Verb.Fail((await call.Ended).ToString());
        if (measure.Found is null) return Verb.Fail("The other end does not measure.");

        Print(measure, down: measure.Found, up: measure.Told, parsed.GetValue(Verb.Json));
        return measure.Told is null ? Verb.Fail("The other end could not tell what it heard.") : 0;
    }

    private static async Task<int> AnswerAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var endpoint = Endpoint(parsed.GetValue(Listen) ?? new IPEndPoint(IPAddress.Loopback, 5060));
        using var pacer = new RtpPacer(TimeProvider.System);
        Verb.PrintJson(new { Event = "listening", Address = endpoint.Address.ToString() });
        List<Task> calls = [];
        try
        {
            await foreach (var call in endpoint.Calls.ReadAllAsync(cancel))
            {
                calls.Add(AnswerAsync(call, endpoint, pacer, cancel));
                calls.RemoveAll(done => done.IsCompletedSuccessfully);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Somebody ended it.
        }

        return 0;
    }

    private static async Task AnswerAsync(
        SipCall call, SipEndpoint endpoint, RtpPacer pacer, CancellationToken cancel)
    {
        var port = RtpPort.Bind(endpoint.Address.Address);
        _ = call.AcceptAsync(new LocalAudio(port.EndPoint), cancel);
        var measure = await new MeasuredCall(call, port, pacer, CallSide.Answerer).RunAsync(hangUp: false, cancel);
        if (measure is not null) Print(measure, down: measure.Told, up: measure.Found, json: true);
    }

    private static void Print(LineMeasure measure, LineReport? down, LineReport? up, bool json)
    {
        if (json)
        {
            Verb.PrintJson(new
            {
                Event = "measured", RoundTripMs = measure.RoundTrip?.TotalMilliseconds,
                Down = LineReportJson.Of(down), Up = LineReportJson.Of(up),
            });
            return;
        }

        if (measure.RoundTrip is { } time)
        {
            var text = time.TotalMilliseconds.ToString("F1", CultureInfo.InvariantCulture);
            Console.WriteLine($"round trip {text} ms");
        }

        LineReportText.Print("down", down);
        LineReportText.Print("up", up);
    }

    private static SipEndpoint Endpoint(IPEndPoint address) =>
        SipEndpoint.Listen(new SipEndpointOptions { Address = address });
}
