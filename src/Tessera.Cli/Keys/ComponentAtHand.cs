using System.CommandLine;
using Tessera.Storage.Keys;

namespace Tessera.Cli.Keys;

/// <summary>One component of an export, as options name it.</summary>
internal sealed class ComponentAtHand
{
    private readonly Option<string> _path;
    private readonly Option<string?> _passphrase;

    public ComponentAtHand(string name)
    {
        _path = new($"--{name}")
        {
            Description = $"The file of the {name} component; only its owner may read it.", HelpName = "file", Required = true,
        };
        _passphrase = SecretAtHand.Option($"--{name}-passphrase", $"The passphrase of the {name} officer");
        _passphrase.Required = true;
        Officer = new($"--{name}-officer")
        {
            Description = $"Who takes the {name} component.", HelpName = "name", Required = true,
        };
    }

    public Option<string> Officer { get; }

    public IReadOnlyList<Option> Options => [_path, _passphrase];

    public string PathOf(ParseResult parsed) => parsed.GetRequiredValue(_path);

    /// <summary>The caller zeroes it.</summary>
    public Task<char[]> PassphraseAsync(ParseResult parsed, CancellationToken cancel) =>
        SecretAtHand.ReadCharsAsync(_passphrase.Name, parsed.GetRequiredValue(_passphrase)!, cancel);

    public async Task<KeyOfficer> OfficerAsync(ParseResult parsed, CancellationToken cancel) =>
        new(parsed.GetRequiredValue(Officer), await PassphraseAsync(parsed, cancel));
}
