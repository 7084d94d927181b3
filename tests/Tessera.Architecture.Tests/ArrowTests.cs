using System.Xml.Linq;
using Xunit;

namespace Tessera.Architecture.Tests;

public class ArrowTests
{
    /// <summary>Who may know whom. A new arrow is a decision: change this table and say why in docs/decisions.md.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Tessera.Wire"] = [],
        ["Tessera.Cards"] = ["Tessera.Wire"],
        ["Tessera.Toolkit"] = ["Tessera.Wire", "Tessera.Cards"],
        ["Tessera.Sms"] = ["Tessera.Wire"],
        ["Tessera.Smpp"] = ["Tessera.Wire", "Tessera.Sms"],
        ["Tessera.Phone"] = ["Tessera.Wire"],
        ["Tessera.VirtualCard"] = ["Tessera.Wire", "Tessera.Cards", "Tessera.Toolkit", "Tessera.Sms"],
        ["Tessera.Platform"] = ["Tessera.Wire", "Tessera.Cards", "Tessera.Toolkit"],
        ["Tessera.Gateway"] = ["Tessera.Wire", "Tessera.Cards", "Tessera.Toolkit", "Tessera.Sms", "Tessera.Smpp"],
        ["Tessera.Storage"] =
        [
            "Tessera.Wire", "Tessera.Cards", "Tessera.Toolkit", "Tessera.Sms", "Tessera.Smpp", "Tessera.Platform",
            "Tessera.Gateway",
        ],
        ["Tessera.Terminal"] = ["Tessera.Wire", "Tessera.Cards", "Tessera.Toolkit", "Tessera.Phone"],
        ["Tessera.Verifier"] = ["Tessera.Wire", "Tessera.Cards", "Tessera.Toolkit"],
        ["Tessera.Lab"] =
        [
            "Tessera.Wire", "Tessera.Cards", "Tessera.Toolkit", "Tessera.Sms", "Tessera.Smpp", "Tessera.Phone",
            "Tessera.VirtualCard", "Tessera.Terminal",
        ],
        ["Tessera.Apps"] = ["Tessera.Platform"],
        ["Tessera.Server"] =
        [
            "Tessera.Wire", "Tessera.Cards", "Tessera.Toolkit", "Tessera.Sms", "Tessera.Smpp", "Tessera.Phone",
            "Tessera.VirtualCard", "Tessera.Platform", "Tessera.Gateway", "Tessera.Storage", "Tessera.Terminal",
            "Tessera.Lab", "Tessera.Apps",
        ],
        ["Tessera.Cli"] =
        [
            "Tessera.Wire", "Tessera.Cards", "Tessera.Toolkit", "Tessera.Sms", "Tessera.Smpp", "Tessera.Phone",
            "Tessera.VirtualCard", "Tessera.Platform", "Tessera.Gateway", "Tessera.Storage", "Tessera.Terminal",
            "Tessera.Lab", "Tessera.Verifier",
        ],
    };

    /// <summary>Libraries that must run in any host: no web framework, no container, no configuration.</summary>
    private static readonly string[] Hostless =
    [
        "Tessera.Wire", "Tessera.Cards", "Tessera.Toolkit", "Tessera.Sms", "Tessera.Smpp", "Tessera.Phone",
        "Tessera.VirtualCard", "Tessera.Platform", "Tessera.Gateway", "Tessera.Storage", "Tessera.Apps", "Tessera.Verifier",
    ];

    [Fact]
    public void Every_project_has_its_arrows_in_the_table() =>
        Assert.Equal(
            Allowed.Keys.Order(StringComparer.Ordinal),
            Tree.Projects.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));

    [Fact]
    public void Projects_know_only_whom_they_may()
    {
        foreach (var path in Tree.Projects)
        {
            var name = Path.GetFileNameWithoutExtension(path);
            var known = XDocument.Load(path).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

            Assert.True(!known.Except(Allowed[name], StringComparer.Ordinal).Any(), $"{name} knows {string.Join(", ", known)}");
        }
    }

    [Fact]
    public void Libraries_know_no_web_framework_and_no_container()
    {
        foreach (var path in Tree.Projects.Where(p => Hostless.Contains(Path.GetFileNameWithoutExtension(p))))
        {
            var project = XDocument.Load(path);
            Assert.Empty(project.Descendants("FrameworkReference"));
            Assert.DoesNotContain(
                project.Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value),
                package => package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                    || package.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Platform_knows_no_bearer()
    {
        string[] bearers = ["WebSocket", "SubmitSm", "SmsSubmit", "Kestrel", "TcpClient", "Modem"];
        foreach (var path in Tree.Sources("src/Tessera.Platform", "apps"))
        {
            var text = File.ReadAllText(path);
            Assert.DoesNotContain(bearers, bearer => text.Contains(bearer, StringComparison.Ordinal));
        }
    }
}
