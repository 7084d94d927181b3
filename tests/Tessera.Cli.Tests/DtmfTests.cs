using System.Text.Json;
using Tessera.Testing;
using Xunit;

namespace Tessera.Cli.Tests;

public sealed class DtmfTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Keys_that_were_written_are_heard()
    {
        var file = _folder.File("keys.wav");
        string[] encode = ["dtmf", "encode", "--digits", "123A*#", "--out", file, "--on", "50", "--off", "45"];
        Assert.Equal(0, (await ToolProcess.RunAsync(encode, Cancel)).ExitCode);

        Assert.Equal(["123A*#"], (await ToolProcess.RunAsync(["dtmf", "decode", file], Cancel)).Lines);
        var json = JsonElement.Parse((await ToolProcess.RunAsync(["dtmf", "decode", file, "--json"], Cancel)).Output);
        Assert.Equal("123A*#", json.GetProperty("keys").GetString());
        Assert.Equal(6, json.GetProperty("heard").GetArrayLength());
    }

    [Fact]
    public async Task What_is_no_key_and_what_is_no_sound_is_told_in_one_line()
    {
        string[] encode = ["dtmf", "encode", "--digits", "12E", "--out", _folder.File("x.wav")];
        var unknown = await ToolProcess.RunAsync(encode, Cancel);
        Assert.Equal((1, "tessera: --digits are of 123A456B789C*0#D."), End(unknown));

        await File.WriteAllTextAsync(_folder.File("text.wav"), "no sound", Cancel);
        var text = await ToolProcess.RunAsync(["dtmf", "decode", _folder.File("text.wav")], Cancel);
        Assert.Equal((1, "tessera: RIFF at octet 0: is not there"), End(text));
    }

    private static (int Code, string Error) End(ToolRun run) => (run.ExitCode, run.Error.Trim());
}
