using System.Buffers.Binary;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tessera.Phone.Sound;

namespace Tessera.Lab.Phones.Page;

/// <summary>The phone as a telephone, for its page and for programs: it dials, hangs up and is listened to.</summary>
internal static class CallRoutes
{
    public const string Sound = "/sound";

    private const int HeaderLength = 44;

    public static void MapCalls(this IEndpointRouteBuilder app, Handset phone)
    {
        app.MapPost("/dial", (string number, CancellationToken cancel) =>
            PhonePage.AskAsync(() => phone.DialAsync(number, cancel)));
        app.MapPost("/hangup", (CancellationToken cancel) => PhonePage.AskAsync(() => phone.HangUpAsync(cancel)));
        app.MapPost("/press", (string keys, CancellationToken cancel) =>
            PhonePage.AskAsync(() => phone.PressAsync(keys, cancel)));
        app.MapPost("/hide-number", (bool hidden, CancellationToken cancel) =>
            PhonePage.AskAsync(() => phone.HideNumberAsync(hidden, cancel)));
        app.MapGet(Sound, (HttpContext http) => ListenAsync(http, phone));
    }

    /// <summary>A WAV without an end: what is heard in the phone, in this call and the next ones.</summary>
    private static async Task ListenAsync(HttpContext http, Handset phone)
    {
        try
        {
            var blocks = phone.Earpiece.ListenAsync(http.RequestAborted);
            http.Response.ContentType = "audio/wav";
            await http.Response.Body.WriteAsync(Header(), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await foreach (var block in blocks.WithCancellation(http.RequestAborted))
            {
                await http.Response.Body.WriteAsync(block.ToArray(), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (PhoneBusyException)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
    }

    /// <summary>RIFF with lengths that are not known: 16 bits linear, one channel.</summary>
    private static byte[] Header()
    {
        const int sample = sizeof(short);
        var header = new byte[HeaderLength];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), uint.MaxValue);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(22), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), AudioBlock.Rate);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), AudioBlock.Rate * sample);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), sample);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(34), 8 * sample);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), uint.MaxValue);
        return header;
    }
}
