using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Grpc;
using Latecomer.Node.Access;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary><c>latecomer.v1.Tokens</c>.</summary>
internal sealed class TokensService(Commands commands, IProjectionStore rows, TokenBook book)
{
    /// <summary>Its methods.</summary>
    public IEnumerable<RpcMethod> Methods()
    {
        var service = TokensReflection.Descriptor.Services[0];
        yield return RpcMethod.Unary<CreateTokenRequest, Token>(service, "Create", Create);
        yield return RpcMethod.Unary<ListTokensRequest, ListTokensResponse>(service, "List", List);
        yield return RpcMethod.Unary<RevokeTokenRequest, Token>(service, "Revoke", Revoke);
    }

    private async Task<Reply<Token>> Create(CreateTokenRequest request, RpcCall call)
    {
        var name = TokenName.Parse(request.Name);
        var role = RoleOf(request.Role);
        var hash = TokenHash.Parse(request.Sha256);
        var reply = await commands.Ask<AccessToken, Token>(
            request.RequestId, ActorIds.Access, id => new AccessMessage.Create(id, hash, name, role, request.ExpireTime?.ToDateTimeOffset()), ToWire, call);
        book.Forget();
        return reply;
    }

    private async Task<Reply<ListTokensResponse>> List(ListTokensRequest request, RpcCall call)
    {
        var (page, next) = await Pages.Read<AccessToken>(rows, Projections.Tokens, "", request.PageSize, request.PageToken, call.Cancellation);
        var response = new ListTokensResponse { NextPageToken = next };
        response.Tokens.AddRange(page.Select(ToWire));
        return response;
    }

    private async Task<Reply<Token>> Revoke(RevokeTokenRequest request, RpcCall call)
    {
        var reply = await commands.Ask<AccessToken, Token>(request.RequestId, ActorIds.Access, id => new AccessMessage.Revoke(id, request.TokenId), ToWire, call);
        book.Forget();
        return reply;
    }

    private static Token ToWire(AccessToken token) => new()
    {
        TokenId = token.Hash.Id,
        Name = token.Name.Value,
        Role = token.Role switch
        {
            AccessRole.Viewer => TokenRole.Viewer,
            AccessRole.Operator => TokenRole.Operator,
            AccessRole.Admin => TokenRole.Admin,
            _ => throw new UnreachableException(),
        },
        CreateTime = token.CreatedAt.ToTimestamp(),
        ExpireTime = token.ExpiresAt?.ToTimestamp(),
    };

    private static AccessRole RoleOf(TokenRole role) => role switch
    {
        TokenRole.Viewer => AccessRole.Viewer,
        TokenRole.Operator => AccessRole.Operator,
        TokenRole.Admin => AccessRole.Admin,
        _ => throw new FormatException("A token needs its role: TOKEN_ROLE_VIEWER, TOKEN_ROLE_OPERATOR or TOKEN_ROLE_ADMIN."),
    };
}
