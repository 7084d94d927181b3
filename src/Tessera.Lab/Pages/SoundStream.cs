using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;
using Tessera.Lab.Calls;
using Tessera.Phone.Sound;
using Tessera.Wire;

namespace Tessera.Lab.Pages;

/// <summary>A sound as a WAV without an end, for a page or a program that listens.</summary>
internal static class SoundStream
{
    private const int HeaderLength = 44;

    /// <summary>Sends it until nobody listens any more; 503 where too many do.</summary>
    /// <param name="listen">Blocks of 16 bits, little-endian; samples of two channels take turns.</param>
    public static async Task SendAsync(
        HttpContext http, int channels, Func<CancellationToken, IAsyncEnumerable<Bytes>> listen)
    {
        var cancel = http.RequestAborted;
        try
        {
            var blocks = listen(cancel);
            http.Response.ContentType = "audio/wav";
            await http.Response.Body.WriteAsync(Header(channels), cancel);
            await http.Response.Body.FlushAsync(cancel);
            await foreach (var block in blocks.WithCancellation(cancel))
            {
                await http.Response.Body.WriteAsync(block.Memory, cancel);
                await http.Response.Body.FlushAsync(cancel);
            }
        }
        catch (TooManyListenersException)
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
    }

    /// <summary>RIFF with lengths that are not known: 16 bits linear.</summary>
    private static byte[] Header(int channels)
    {
        const int sample = sizeof(short);
        var header = new byte[HeaderLength];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), uint.MaxValue);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(22), (ushort)channels);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), AudioBlock.Rate);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), (uint)(AudioBlock.Rate * channels * sample));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), (ushort)(channels * sample));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(34), 8 * sample);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), uint.MaxValue);
        return header;
    }
}
