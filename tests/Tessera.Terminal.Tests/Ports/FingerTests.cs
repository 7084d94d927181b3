using Tessera.Terminal.Displays;
using Tessera.Terminal.Ports;
using Tessera.Terminal.Tests.Displays;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Biometrics;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Ports;

/// <summary>A finger laid on a terminal, compared by a real virtual card; docs/protocols/finger.md.</summary>
public sealed class FingerTests : IAsyncLifetime
{
    private readonly SyntheticFinger _own = new(3);
    private readonly SyntheticFinger _other = new(4);
    private readonly VirtualFingerReader _reader = new();
    private Counter _counter = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _counter = await Counter.OpenAsync(Cancel, _own.Enrol(), _reader);

    public ValueTask DisposeAsync() => _counter.DisposeAsync();

    [Fact]
    public async Task The_holders_finger_pays_and_nothing_of_it_is_in_answer_or_journal()
    {
        var script = await _counter.AuthoriseAsync(Cancel, withFinger: true);
        var paying = _counter.Runner.RunAsync(script, Cancel);
        await _counter.Screen.AnswerAsync<ListShown>(new Selected(1), Cancel);
        await _reader.WaitingAsync(Cancel);
        Assert.Equal(
            "4.80 EUR, finger\nAirport 4.80", (await _counter.Screen.AskedAsync<TextShown>(Cancel)).Request.Text);
        await _counter.Screen.AnswerAsync<TextShown>(new Acknowledged(), Cancel); // any key but cancel: it is asked still
        var laid = _own.Lay(77);
        var octets = laid.Reveal().ToArray();

        Assert.True(_reader.TryLay(laid));

        var answer = await paying;
        Assert.Equal(
            new Payment(PaymentMethod.Finger, Till.Euro, 480, "Airport 4.80"),
            _counter.Till.Paid(script, answer, _counter.Profile));
        Assert.Throws<ObjectDisposedException>(() => laid.Reveal().Length);
        _counter.SwitchOff();
        Assert.Equal(-1, answer.Span.IndexOf(octets.AsSpan(8, 12)));
        Assert.Equal(-1, File.ReadAllBytes(_counter.JournalPath).AsSpan().IndexOf(octets.AsSpan(8, 12)));
        Assert.Contains("00210081", _counter.Card.Commands, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Another_finger_pays_nothing_and_costs_a_try()
    {
        var paying = await AskedAsync();

        Assert.True(_reader.TryLay(_other.Lay(77)));

        var answer = (await paying).Read<ResponseScript>();
        Assert.Equal(new Stopped(StopReason.UnexpectedStatus, 4), answer.Stopped);
        Assert.Equal(0x63C4, Assert.IsType<CardResult>(answer.Results[^1]).Answer.Status.Value);
        Assert.DoesNotContain("80540100", _counter.Card.Commands, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Who_presses_cancel_lays_no_finger()
    {
        var paying = await AskedAsync();

        await _counter.Screen.AnswerAsync<TextShown>(new Cancelled(), Cancel);

        Assert.Equal(new Stopped(StopReason.EndedByHolder, 3), (await paying).Read<ResponseScript>().Stopped);
        using var late = _own.Lay(77);
        Assert.False(_reader.TryLay(late));
    }

    [Fact]
    public async Task Nobody_waits_for_a_finger_longer_than_for_a_PIN()
    {
        var paying = await AskedAsync();

        _counter.Time.Advance(TimeSpan.FromSeconds(119));
        Assert.False(paying.IsCompleted);
        _counter.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new Stopped(StopReason.NoAnswerFromHolder, 3), (await paying).Read<ResponseScript>().Stopped);
        using var late = _own.Lay(77);
        Assert.False(_reader.TryLay(late));
    }

    [Fact]
    public async Task A_card_that_is_taken_out_ends_the_waiting()
    {
        var paying = await AskedAsync();

        _counter.Card.Pull();

        Assert.Equal(new Stopped(StopReason.CardLost, 3), (await paying).Read<ResponseScript>().Stopped);
    }

    [Fact]
    public async Task A_reader_that_is_out_of_order_is_none()
    {
        _reader.IsBroken = true;
        var paying = _counter.Runner.RunAsync(await _counter.AuthoriseAsync(Cancel, withFinger: true), Cancel);
        await _counter.Screen.AnswerAsync<ListShown>(new Selected(1), Cancel);

        Assert.Equal(new Stopped(StopReason.NotCapable, 3), (await paying).Read<ResponseScript>().Stopped);
        Assert.Null(_counter.Screen.Sight.Request);
    }

    private async Task<Task<Bytes>> AskedAsync()
    {
        var paying = _counter.Runner.RunAsync(await _counter.AuthoriseAsync(Cancel, withFinger: true), Cancel);
        await _counter.Screen.AnswerAsync<ListShown>(new Selected(1), Cancel);
        await _reader.WaitingAsync(Cancel);
        await _counter.Screen.AskedAsync<TextShown>(Cancel);
        return paying;
    }
}
