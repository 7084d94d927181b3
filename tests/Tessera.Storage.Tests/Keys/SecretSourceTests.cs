using Tessera.Storage.Keys;
using Xunit;

namespace Tessera.Storage.Tests.Keys;

public class SecretSourceTests
{
    [Theory]
    [InlineData("a secret that was typed in place of its file")]
    [InlineData("123456")]
    public async Task What_names_no_file_is_not_repeated(string source)
    {
        var refused = await Assert.ThrowsAsync<FormatException>(
            () => SecretSource.ReadLineAsync("--pin", source, TestContext.Current.CancellationToken));

        Assert.DoesNotContain(source, refused.Message, StringComparison.Ordinal);
    }
}
