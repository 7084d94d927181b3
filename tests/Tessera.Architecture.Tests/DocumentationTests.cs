using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Tessera.Architecture.Tests;

public class DocumentationTests
{
    public static TheoryData<string> Assemblies => new(Tree.Projects.Select(p => AssemblyName(p)));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_public_type_has_a_summary(string name)
    {
        var assembly = Assembly.Load(name);
        var documented = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
            .Descendants("member").Where(m => m.Element("summary") is not null)
            .Select(m => m.Attribute("name")!.Value).ToHashSet(StringComparer.Ordinal);

        // Razor components and the entry point are generated: their text is the page itself.
        var silent = assembly.GetExportedTypes()
            .Where(type => !typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(type))
            .Where(type => type.Name is not ("Program" or "_Imports"))
            .Where(type => !documented.Contains($"T:{type.FullName!.Replace('+', '.')}"));

        Assert.Empty(silent.Select(type => type.FullName));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("SECURITY.md")]
    [InlineData("LICENSE")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/decisions.md")]
    [InlineData("docs/conformance.md")]
    [InlineData("docs/operations.md")]
    [InlineData("docs/performance.md")]
    [InlineData("docs/protocols/script.md")]
    [InlineData("docs/protocols/link.md")]
    [InlineData("docs/protocols/purse.md")]
    [InlineData("docs/protocols/store.md")]
    [InlineData("docs/protocols/finger.md")]
    [InlineData("docs/protocols/verifier.md")]
    [InlineData("docs/protocols/evidence.md")]
    [InlineData("docs/protocols/scp03.md")]
    [InlineData("docs/protocols/sms.md")]
    [InlineData("docs/protocols/air.md")]
    [InlineData("docs/protocols/line.md")]
    [InlineData("docs/protocols/card.md")]
    public void A_document_is_there(string path) => Assert.True(File.Exists(Path.Combine(Tree.Root, path)), path);

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        foreach (var document in Directory.EnumerateFiles(Tree.Root, "*.md").Concat(Tree.Files("docs", "*.md")))
        {
            foreach (var target in LinkTargets(File.ReadAllText(document)))
                Assert.True(
                    Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target)),
                    $"{Tree.Relative(document)} links to {target}");
        }
    }

    private static IEnumerable<string> LinkTargets(string text) =>
        Regex.Matches(text, @"\]\((?!https?:|#)[^)#]+", RegexOptions.None, TimeSpan.FromSeconds(5)).Select(m => m.Value[2..]);

    private static string AssemblyName(string project) =>
        XDocument.Load(project).Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(project);
}
