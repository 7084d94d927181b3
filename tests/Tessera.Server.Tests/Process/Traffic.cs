using System.Text;

namespace Tessera.Server.Tests.Process;

/// <summary>Everything that goes to a server and comes from it, kept to be searched.</summary>
internal sealed class Traffic(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly StringBuilder _all = new();

    public override string ToString()
    {
        lock (_all) return _all.ToString();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var received = await response.Content.ReadAsStringAsync(cancellationToken);
        lock (_all) _all.AppendLine($"{request} {sent}").AppendLine($"{response} {received}");
        return response;
    }
}
