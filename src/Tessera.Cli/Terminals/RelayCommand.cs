using System.CommandLine;
using Tessera.Terminal.Serial;

namespace Tessera.Cli.Terminals;

/// <summary><c>tessera terminal relay</c>: what the telephone of a device does.</summary>
internal static class RelayCommand
{
    public static Command Create()
    {
        var path = new Option<string>("--serial")
        {
            Description = "The serial port with the device at its other end, e.g. /dev/rfcomm0.",
            HelpName = "path",
            Required = true,
        };
        var server = new Option<string>("--server")
        {
            Description = "Where the server takes links in a plain TLS stream (its --tls-port).",
            HelpName = "host:port",
            Required = true,
        };
        var command = new Command(
            "relay",
            "Carry the connections of a device on a serial port to its server until Ctrl+C, as its telephone does; nothing of "
            + "them can be read here. Example: tessera terminal relay --serial /dev/rfcomm0 --server 127.0.0.1:5444")
        {
            path, server, SerialAtHand.SpeedOption, SerialAtHand.HalfDuplexOption,
        };
        command.Serves((parsed, cancel) =>
        {
            var (host, port) = Address(parsed.GetRequiredValue(server));
            var name = parsed.GetRequiredValue(path);
            var serial = new SerialAtHand(name, parsed);
            var relay = new SerialRelay(new SerialRelayOptions
            {
                Host = host, Port = port, Serial = serial.Line, Told = Console.WriteLine,
            });
            Console.WriteLine($"The relay from {name} to {host}:{port} is ready.");
            return relay.RunAsync(serial.Open, cancel);
        });
        return command;
    }

    private static (string Host, int Port) Address(string text) =>
        Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var address)
        && address is { Port: > 0, Host.Length: > 0, PathAndQuery: "" or "/", UserInfo: "" }
            ? (address.Host, address.Port)
            : throw new FormatException($"--server is HOST:PORT, not '{text}'.");
}
