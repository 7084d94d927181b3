using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary>An OpenSSH client logs in to a server of its own kind with the key of the card.</summary>
[Collection(PcscdAlone.Name)]
public class OpenSshTests(PrivatePcscd pcscd)
{
    private const string Daemon = "/usr/sbin/sshd";
    private const string Client = "/usr/bin/ssh";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(PivAlgorithm.Rsa2048)]
    [InlineData(PivAlgorithm.P256)]
    public async Task The_key_of_the_card_opens_a_session(PivAlgorithm algorithm)
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel, PivHost.Key(0x9A, algorithm));
        await KeygenAsync(host, "-q", "-t", "ed25519", "-N", "", "-f", "host");
        var keys = await KeygenAsync(host, "-D", PivHost.Module);
        await File.WriteAllTextAsync(host.File("authorized"), keys, Cancel);

        await using var server = await SshServer.StartAsync(host, Cancel);

        Assert.Equal("the card was here", (await LogInAsync(host, server.Port, PivHost.Pin)).Said.Split('\n')[0]);
        Assert.NotEqual(0, (await LogInAsync(host, server.Port, "999999")).ExitCode);
    }

    private static Task<string> KeygenAsync(PivHost host, params string[] arguments) =>
        host.RunAsync("openssh-client", "/usr/bin/ssh-keygen", Cancel, arguments);

    private static async Task<(int ExitCode, string Said)> LogInAsync(PivHost host, int port, string pin)
    {
        var ask = host.File("ask");
        await File.WriteAllTextAsync(ask, $"#!/bin/sh\necho {pin}\n", Cancel);
        await host.RunAsync("coreutils", "/usr/bin/chmod", Cancel, "u+x", ask);
        return await host.TryAsync(
            "openssh-client", "/usr/bin/env", Cancel,
            $"SSH_ASKPASS={ask}", "SSH_ASKPASS_REQUIRE=force", Client, "-F", "none", "-p", $"{port}",
            "-o", $"UserKnownHostsFile={host.File("known")}", "-o", "IdentityAgent=none",
            "-o", $"PKCS11Provider={PivHost.Module}", "-o", "PreferredAuthentications=publickey",
            "-o", "NumberOfPasswordPrompts=1", $"{Environment.UserName}@127.0.0.1", "echo the card was here");
    }

    /// <summary>An sshd with a configuration of its own, for the keys in the file <c>authorized</c>.</summary>
    private sealed class SshServer : IAsyncDisposable
    {
        private const int Attempts = 5;

        private readonly Process _process;
        private Task<string>? _errors;

        private SshServer(Process process, int port) => (_process, Port) = (process, port);

        public int Port { get; }

        public static async Task<SshServer> StartAsync(PivHost host, CancellationToken cancel)
        {
            if (!File.Exists(Daemon)) Assert.Skip("install openssh-server");
            var key = (await File.ReadAllTextAsync(host.File("host.pub"), cancel)).Split(' ');
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var port = FreePort();
                await File.WriteAllTextAsync(host.File("known"), $"[127.0.0.1]:{port} {key[0]} {key[1]}\n", cancel);
                await File.WriteAllTextAsync(host.File("sshd_config"), Configuration(host, port), cancel);
                if (await TryStartAsync(host, port, cancel) is { } server) return server;
            }

            throw new InvalidOperationException($"sshd did not start in {Attempts} attempts.");
        }

        /// <summary>Null where somebody else took the port meanwhile.</summary>
        private static async Task<SshServer?> TryStartAsync(PivHost host, int port, CancellationToken cancel)
        {
            // It wants a folder under /run that belongs to root: one that nobody else sees.
            var process = Process.Start(new ProcessStartInfo(
                "unshare", ["-m", "sh", "-c", Script, Daemon, host.File("sshd_config")])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            })!;
            var server = new SshServer(process, port);
            while (await process.StandardError.ReadLineAsync(cancel) is { } line)
            {
                if (!line.StartsWith("Server listening", StringComparison.Ordinal)) continue;
                server._errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
                return server;
            }

            await server.DisposeAsync();
            return null;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
            if (_errors is not null) TestContext.Current.TestOutputHelper?.WriteLine(await _errors);
            _process.Dispose();
        }

        private const string Script = "mount -t tmpfs none /run && mkdir /run/sshd && exec \"$0\" -D -e -f \"$1\"";

        private static string Configuration(PivHost host, int port) =>
            $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {host.File("host")}
            AuthorizedKeysFile {host.File("authorized")}
            PidFile none
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            StrictModes no

            """;

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
