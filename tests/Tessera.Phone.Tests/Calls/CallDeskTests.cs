using Tessera.Phone.Calls;
using Tessera.Phone.Data;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Phone.Tests.Data;
using Tessera.Phone.Tones;
using Xunit;

namespace Tessera.Phone.Tests.Calls;

/// <summary>A machine and a device on a line that is carried in memory.</summary>
public sealed class CallDeskTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly LineCall _device = new(TestCall.DeviceOptions([LineModems.Ofdm]));
    private short[] _fromDesk = new short[AudioBlock.Length];
    private short[] _fromDevice = new short[AudioBlock.Length];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _device.Dispose();

    [Fact]
    public async Task Keys_that_are_pressed_while_the_line_is_data_answer_no_question()
    {
        var desk = Desk(TestCall.ServerOptions([LineModems.Ofdm]));
        var armed = desk.AwaitDataAsync(Patience, Cancel);
        var device = await CarryAsync(desk, _device.EscapeAsync(Cancel));
        var server = await CarryAsync(desk, armed);
        desk.Press('9');
        await server!.DisposeAsync();
        await device!.DisposeAsync();
        await CarryAsync(desk, server.Ended);
        await CarryAsync(desk, device.Ended);

        var asked = desk.AskAsync(default, new KeyRule(), Cancel);
        desk.Press('4');

        Assert.Equal("4", (await CarryAsync(desk, asked)).Keys);
    }

    private static CallDesk Desk(LineServerOptions line) => new(KeySource.Events, line)
    {
        Caller = new CallerIdentity(CallerCertainty.Unknown), Called = "83773", Id = "test",
    };

    /// <summary>The line goes on until that is so.</summary>
    private async Task<T> CarryAsync<T>(CallDesk desk, Task<T> until)
    {
        while (!until.IsCompleted)
        {
            var (atDesk, atDevice) = (_fromDevice, _fromDesk);
            (_fromDevice, _fromDesk) = (new short[AudioBlock.Length], new short[AudioBlock.Length]);
            desk.Exchange(atDesk, concealed: false, _fromDesk);
            _device.Exchange(atDevice, concealed: false, _fromDevice);
            await Task.Yield();
        }

        return await until;
    }
}
