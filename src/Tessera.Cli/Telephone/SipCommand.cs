using System.CommandLine;
using System.Net;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;

namespace Tessera.Cli;

/// <summary><c>tessera sip</c>: a telephone at the command line.</summary>
internal static class SipCommand
{
    private static readonly Option<string?> Play =
        new("--play") { Description = "WAV file to say; silence without it.", HelpName = "file" };

    public static Command Create() => new("sip", "Call and be called.") { Call(), Answer() };

    private static Command Call()
    {
        var uri = new Argument<string>("uri") { Description = "Whom to call, such as sip:ivr@127.0.0.1:5060." };
        var from = new Option<string?>("--from") { Description = "Who we say we are.", HelpName = "uri" };
        var user = new Option<string?>("--user")
        {
            Description = "Whose password answers a challenge.", HelpName = "name",
        };
        var password = new Option<string?>("--password") { Description = "That password.", HelpName = "text" };
        var local = Address("--local", "Our address.", "127.0.0.1:0");
        var record = new Option<string?>("--record") { Description = "WAV file of what is heard.", HelpName = "file" };
        var command = new Command(
            "call", "Call, say a sound, hang up when it is said; without one the callee or Ctrl+C hangs up.")
        {
            uri, from, user, password, local, Play, record,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var sound = new CallSound(await SoundAsync(parsed, cancel), parsed.GetValue(record) is not null);
            await using var endpoint = Listen(parsed.GetRequiredValue(local));
            var options = new CallOptions
            {
                From = parsed.GetValue(from) is { } name ? NameAddress.Parse(name) : null,
                Credentials = parsed.GetValue(user) is { } known
                    ? new SipCredentials(known, parsed.GetValue(password) ?? "")
                    : null,
            };
            var to = SipUri.Parse(parsed.GetRequiredValue(uri));
            return await CallAsync(endpoint, to, options, sound, parsed, record, cancel);
        });
        return command;
    }

    private static Command Answer()
    {
        var listen = Address("--listen", "Where we are called.", "127.0.0.1:5060");
        var busy = new Option<bool>("--busy") { Description = "Refuse every call: busy." };
        var record = new Option<string?>("--record")
        {
            Description = "Folder for a WAV file of each call.", HelpName = "dir",
        };
        var command = new Command("answer", "Answer calls until Ctrl+C; a line of JSON for each event.")
        {
            listen, Play, record, busy,
        };
        command.Serves(async (parsed, cancel) =>
        {
            var sound = await SoundAsync(parsed, cancel);
            await using var endpoint = Listen(parsed.GetRequiredValue(listen));
            using var pacer = new RtpPacer(TimeProvider.System);
            Verb.PrintJson(new { Event = "listening", Address = endpoint.Address.ToString() });
            List<Task> conversations = [];
            await foreach (var call in endpoint.Calls.ReadAllAsync(cancel))
            {
                Tell(call);
                if (parsed.GetValue(busy)) call.Reject();
                else conversations.Add(AnswerAsync(call, endpoint, pacer, sound, parsed.GetValue(record), cancel));
                conversations.RemoveAll(conversation => conversation.IsCompletedSuccessfully);
            }
        });
        return command;
    }

    private static async Task<int> CallAsync(
        SipEndpoint endpoint, SipUri to, CallOptions options, CallSound sound, ParseResult parsed,
        Option<string?> record, CancellationToken cancel)
    {
        using var pacer = new RtpPacer(TimeProvider.System);
        var port = RtpPort.Bind(endpoint.Address.Address);
        await using var call = await endpoint.CallAsync(to, new LocalAudio(port.EndPoint), options, cancel);
        await using var cancelled = cancel.Register(() => _ = call.HangUpAsync(CancellationToken.None));
        var conversation = new Conversation(call, port, pacer, sound, parsed.GetValue(record));
        var lived = conversation.RunAsync(CancellationToken.None);
        if (parsed.GetValue(Play) is not null && await Task.WhenAny(lived, sound.Said) == sound.Said)
            await call.HangUpAsync(CancellationToken.None);

        var end = await lived;
        return call.Answered.Result is null && !cancel.IsCancellationRequested ? Verb.Fail(end.ToString()) : 0;
    }

    private static async Task AnswerAsync(
        SipCall call, SipEndpoint endpoint, RtpPacer pacer, ReadOnlyMemory<short> spoken, string? folder,
        CancellationToken cancel)
    {
        var port = RtpPort.Bind(endpoint.Address.Address);
        var record = folder is null
            ? null
            : Path.Combine(Directory.CreateDirectory(folder).FullName, $"{Name(call.Invite.CallId)}.wav");
        call.Ring();
        _ = call.AcceptAsync(new LocalAudio(port.EndPoint), cancel);
        await new Conversation(call, port, pacer, new CallSound(spoken, record is not null), record).RunAsync(cancel);
    }

    private static void Tell(SipCall call) => Verb.PrintJson(new
    {
        Event = "call", Call = call.Invite.CallId, To = call.Invite.Uri.ToString(), From = call.Caller.Uri?.ToString(),
        call.Caller.Number, call.Caller.Certainty,
    });

    /// <summary>A file name that nobody at the other end can make lead elsewhere.</summary>
    private static string Name(string callId) =>
        string.Concat(callId.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Take(64));

    private static async Task<ReadOnlyMemory<short>> SoundAsync(ParseResult parsed, CancellationToken cancel) =>
        parsed.GetValue(Play) is { } path ? await Wav.LoadAsync(path, cancel) : ReadOnlyMemory<short>.Empty;

    private static SipEndpoint Listen(IPEndPoint address) =>
        SipEndpoint.Listen(new SipEndpointOptions { Address = address });

    private static Option<IPEndPoint> Address(string name, string description, string usual) => new(name)
    {
        Description = $"{description} Default {usual}.",
        HelpName = "address:port",
        DefaultValueFactory = _ => IPEndPoint.Parse(usual),
        CustomParser = result =>
        {
            if (IPEndPoint.TryParse(result.Tokens[0].Value, out var address)) return address;
            result.AddError($"'{result.Tokens[0].Value}' is no address:port.");
            return null;
        },
    };
}
