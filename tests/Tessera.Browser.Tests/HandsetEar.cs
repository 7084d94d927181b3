using System.Runtime.InteropServices;
using Tessera.Phone.Sound;
using Tessera.Phone.Speech;
using Tessera.Testing;

namespace Tessera.Browser.Tests;

/// <summary>Hears what the page of the house plays of its handset, and knows the words of the service again.</summary>
internal sealed class HandsetEar : IAsyncDisposable
{
    private const int Header = 44;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly Stream _sound;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _listening;
    private readonly Lock _gate = new();
    private readonly List<short> _heard = [];
    private TaskCompletionSource _more = NewSignal();
    private int _read;

    private HandsetEar(HttpClient http, Stream sound)
    {
        (_http, _sound) = (http, sound);
        _listening = ListenAsync();
    }

    public static async Task<HandsetEar> OpenAsync(Uri house, string token, CancellationToken cancel)
    {
        var http = new HttpClient { BaseAddress = house };
        http.DefaultRequestHeaders.Add("X-Tessera-Token", token);
        var sound = await http.GetStreamAsync(new Uri("/telephone/sound", UriKind.Relative), cancel);
        await sound.ReadExactlyAsync(new byte[Header], cancel);
        return new HandsetEar(http, sound);
    }

    /// <summary>Waits until that was said, behind what was heard before.</summary>
    public async Task HearsAsync(Func<Phrase, Phrase> words, CancellationToken cancel)
    {
        var phrase = words(Phrase.In(SpokenLanguage.English));
        var said = phrase.ToSamples();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Patience);
        while (true)
        {
            Task more;
            short[] heard;
            lock (_gate) (more, heard) = (_more.Task, [.. CollectionsMarshal.AsSpan(_heard)[_read..]]);
            if (SpokenSound.Find(heard, said) is { } end)
            {
                _read += end;
                return;
            }

            // What was searched in vain is not searched again, but for what may have begun in it.
            _read += Math.Max(0, heard.Length - said.Length - AudioBlock.Rate);
            try
            {
                await more.WaitAsync(late.Token);
            }
            catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
            {
                throw new TimeoutException($"Never heard: {string.Join(' ', phrase.Words)}", e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _listening;
        await _sound.DisposeAsync();
        _http.Dispose();
        _over.Dispose();
    }

    private async Task ListenAsync()
    {
        var half = new byte[AudioBlock.Rate];
        try
        {
            while (true)
            {
                await _sound.ReadExactlyAsync(half, _over.Token);
                Keep(MemoryMarshal.Cast<byte, short>(half));
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
    }

    private void Keep(ReadOnlySpan<short> samples)
    {
        lock (_gate)
        {
            _heard.AddRange(samples);
            var woken = _more;
            _more = NewSignal();
            woken.SetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
