using Tessera.Server.Links;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Server.Tests.Links;

public class TerminalRegisterTests
{
    private static readonly PeerIdentity Terminal = new(new Bytes(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray()));

    [Fact]
    public void A_terminal_is_there_after_a_restart()
    {
        using var folder = new TempFolder();
        new TerminalRegister(folder.File("terminals")).Add(Terminal, "Desk 1");

        var again = new TerminalRegister(folder.File("terminals"));

        Assert.True(again.Allows(Terminal));
        Assert.Equal("Desk 1", again.All[Terminal]);
    }

    [Fact]
    public void A_terminal_is_named_anew_and_withdrawn_for_good()
    {
        using var folder = new TempFolder();
        var other = new PeerIdentity(new Bytes(new byte[32]));
        var register = new TerminalRegister(folder.File("terminals"));
        register.Add(Terminal, "Desk 1");
        register.Add(other, "Desk 2");

        Assert.True(register.Rename(Terminal, "Counter 3"));
        Assert.Equal("Counter 3", new TerminalRegister(folder.File("terminals")).All[Terminal]);
        Assert.Equal(Terminal, register.Find(Terminal.Id.ToString()));
        Assert.True(register.Remove(Terminal));
        Assert.False(register.Remove(Terminal));
        Assert.False(register.Rename(Terminal, "Desk 1"));
        Assert.Null(register.Find(Terminal.ToString()));

        Assert.Equal([other], new TerminalRegister(folder.File("terminals")).All.Keys);
        Assert.False(register.Allows(Terminal));
        register.Add(Terminal, "Desk 1");
        Assert.True(new TerminalRegister(folder.File("terminals")).Allows(Terminal));
    }

    [Fact]
    public void Nobody_else_is_allowed()
    {
        using var folder = new TempFolder();
        var register = new TerminalRegister(folder.File("terminals"));

        Assert.False(register.Allows(Terminal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public void A_name_is_one_line(string name)
    {
        using var folder = new TempFolder();
        var register = new TerminalRegister(folder.File("terminals"));

        Assert.Throws<ArgumentException>(() => register.Add(Terminal, name));
        Assert.False(register.Allows(Terminal));
    }

    [Fact]
    public void A_damaged_line_is_named()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("terminals"), $"{Terminal} Desk 1\nnonsense\n");

        var thrown = Assert.Throws<FormatException>(() => new TerminalRegister(folder.File("terminals")));

        Assert.Contains("line 2", thrown.Message, StringComparison.Ordinal);
    }
}
