using System.CommandLine;
using System.Net;
using Tessera.Lab.Houses;
using Tessera.Lab.Houses.Page;
using Tessera.Terminal.Pages;

namespace Tessera.Cli;

/// <summary><c>tessera house run</c>: a house of its own, beside a voice network.</summary>
internal static class HouseRun
{
    public static Command Create()
    {
        var voice = new Option<string>("--voice")
        {
            Description = "Who takes its calls, by SIP over UDP on this machine; without it the line is dead.",
            HelpName = "address:port",
        };
        var number = new Option<string>("--line-number")
        {
            Description = "The number of its line, which is asserted to who is called.",
            HelpName = "number",
            DefaultValueFactory = _ => new HouseOptions().Number,
        };
        var port = new Option<ushort>("--port") { Description = "Port of its page on 127.0.0.1; 0 takes a free one." };
        var command = new Command("run", "Keep a house until Ctrl+C.") { voice, number, port };
        command.Serves(async (parsed, cancel) =>
        {
            await using var house = await House.StartAsync(
                new HouseOptions
                {
                    Network = EndPointOf(parsed.GetValue(voice)), Number = parsed.GetRequiredValue(number),
                },
                device: null, cancel);
            await using var page = await HousePage.StartAsync(
                house, () => "", new LocalPageOptions { Port = parsed.GetValue(port) }, cancel);
            Console.WriteLine($"House: {page.Address}");
            Console.WriteLine($"It is called at sip:{house.Socket.Line}");
            await Task.Delay(Timeout.Infinite, cancel);
        });
        return command;
    }

    /// <exception cref="FormatException">Not an address with a port.</exception>
    private static IPEndPoint? EndPointOf(string? text) => text is null ? null
        : IPEndPoint.TryParse(text, out var endPoint) && endPoint.Port != 0 ? endPoint
        : throw new FormatException($"--voice is an address with a port such as 127.0.0.1:5060, not '{text}'.");
}
