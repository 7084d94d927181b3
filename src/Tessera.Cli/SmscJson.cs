using System.Globalization;
using Tessera.Smpp;
using Tessera.Smpp.Centre;

namespace Tessera.Cli;

/// <summary>Events of a short message service centre, each a line of JSON.</summary>
internal static class SmscJson
{
    /// <summary>Prints until the watch ends; what came too fast is counted in a line of its own.</summary>
    public static async Task PrintAsync(CentreWatch watch, CancellationToken cancel)
    {
        var told = 0L;
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        await foreach (var what in watch.ReadAllAsync(cancel))
        {
            await output.WriteLineAsync(Verb.ToJson(Of(what)).AsMemory(), cancel);
            if (watch.Missed is var missed && missed > told)
            {
                await output.WriteLineAsync(
                    Verb.ToJson(new { Event = "missed", Count = missed - told }).AsMemory(), cancel);
                told = missed;
            }

            if (watch.Waiting == 0) await output.FlushAsync(cancel);
        }
    }

    private static object Of(CentreEvent what) => what switch
    {
        EsmeBound bound => new { Event = "bound", bound.At, bound.SystemId, bound.Mode },
        EsmeUnbound unbound => new { Event = "unbound", unbound.At, unbound.SystemId, unbound.Reason },
        EsmeRefused refused => new { Event = "bindRefused", refused.At, refused.SystemId, Reason = refused.Status },
        PhoneAttached phone => new
        {
            Event = "attached", phone.At, Number = phone.Number.ToString(), Imsi = phone.Imsi.ToString(),
        },
        PhoneDetached phone => new { Event = "detached", phone.At, Number = phone.Number.ToString(), phone.Reason },
        PhoneRefused phone => new { Event = "attachRefused", phone.At, phone.Cause, phone.Reason },
        MessageSubmitted message => Of(message),
        MessageRefused message => new
        {
            Event = "refused", message.At, From = message.From.ToString(), message.Destination, message.Reason,
        },
        MessagePostponed message => new
        {
            Event = "postponed", message.At, Id = Id(message.Id), To = message.To.ToString(), message.Attempts,
            message.Reason, message.Next,
        },
        MessageEnded message => new
        {
            Event = Word(message.State), message.At, Id = Id(message.Id), From = message.From.ToString(),
            To = message.To.ToString(), message.Error,
        },
        _ => throw new ArgumentException($"{what.GetType().Name} has no line.", nameof(what)),
    };

    private static object Of(MessageSubmitted message) => new
    {
        Event = message.About is null ? "submitted" : "receipt",
        message.At,
        Id = Id(message.Id),
        About = message.About is { } about ? Id(about) : null,
        From = message.From.ToString(),
        To = message.To.ToString(),
        Source = message.Source.ToString(),
        Destination = message.Destination.ToString(),
        Contents = message.Contents?.ToString(),
    };

    private static string Word(MessageState state) => state.ToString().ToLowerInvariant();

    /// <summary>As ESMEs see it: a JSON number would be too long for many readers.</summary>
    private static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);
}
