using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary>An sshd with a configuration of its own, which lets in who has the key of the card in the reader.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    private const string Daemon = "/usr/sbin/sshd";
    private const string Client = "/usr/bin/ssh";
    private const string Generator = "/usr/bin/ssh-keygen";
    private const int Attempts = 5;

    private readonly PivHost _host;
    private readonly Process _process;
    private readonly int _port;
    private Task<string>? _errors;

    private SshServer(PivHost host, Process process, int port) => (_host, _process, _port) = (host, process, port);

    public static async Task<SshServer> StartAsync(PivHost host, CancellationToken cancel)
    {
        if (!File.Exists(Daemon)) Assert.Skip("install openssh-server");
        await host.RunAsync("openssh-client", Generator, cancel, "-q", "-t", "ed25519", "-N", "", "-f", "host");
        var keys = await host.RunAsync("openssh-client", Generator, cancel, "-D", PivHost.Module);
        await File.WriteAllTextAsync(host.File("authorized"), keys, cancel);
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

    /// <summary>What the client says that logs in with the key of the card and has <c>echo</c> run there.</summary>
    public async Task<(int ExitCode, string Said)> LogInAsync(string pin, CancellationToken cancel)
    {
        var ask = _host.File("ask");
        await File.WriteAllTextAsync(ask, $"#!/bin/sh\necho {pin}\n", cancel);
        await _host.RunAsync("coreutils", "/usr/bin/chmod", cancel, "u+x", ask);
        return await _host.TryAsync(
            "openssh-client", "/usr/bin/env", cancel,
            $"SSH_ASKPASS={ask}", "SSH_ASKPASS_REQUIRE=force", Client, "-F", "none", "-p", $"{_port}",
            "-o", $"UserKnownHostsFile={_host.File("known")}", "-o", "IdentityAgent=none",
            "-o", $"PKCS11Provider={PivHost.Module}", "-o", "PreferredAuthentications=publickey",
            "-o", "NumberOfPasswordPrompts=1", $"{Environment.UserName}@127.0.0.1", "echo the card was here");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        if (_errors is not null) TestContext.Current.TestOutputHelper?.WriteLine(await _errors);
        _process.Dispose();
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
        var server = new SshServer(host, process, port);
        while (await process.StandardError.ReadLineAsync(cancel) is { } line)
        {
            if (!line.StartsWith("Server listening", StringComparison.Ordinal)) continue;
            server._errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            return server;
        }

        await server.DisposeAsync();
        return null;
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
