internal import Foundation

// Made by Tests/Goldens/make_jpeg_pictures.py.

/// A JPEG file and its upright pixels.
package struct JPEGPicture: Sendable, CustomStringConvertible {
  /// What kind of file it is.
  package let description: String
  /// Columns of the upright picture.
  package let width: Int
  /// Rows of the upright picture.
  package let height: Int
  private let fileText: String
  private let pixelText: String

  /// The file.
  package var file: [UInt8] { Self.bytes(fileText) }

  /// `[height, width, 3]`.
  package var pixels: [UInt8] { Self.bytes(pixelText) }

  private static func bytes(_ text: String) -> [UInt8] {
    Array(Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data())
  }

  /// One of every kind.
  package static let all: [JPEGPicture] = [
    JPEGPicture(
      description: "grey", width: 21, height: 13,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK
        CgoKBggLDAsKDAkKCgr/wAALCAANABUBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi
        4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APob9kLx/Z6HDbCeYDaBnJr76+Ff7QWg2+mxxveJ90dWrpNX+POhzzKyXceMf3q/
        E/wt8RNc8ObVsWxt6fNivR/DH7TXj+0VUjkGP+uprudL/aQ8d3NvvkkGR/00Nf/Z
        """,
      pixelText: """
        gICAjIyMmpqapqamsrKyvr6+ysrK09PT3t7e5ubm7u7u9PT0+fn5/f39/v7+/////////////v7++/v7+Pj4f39/i4uLmJiYpaWl
        sbGxvLy8yMjI0tLS29vb4+Pj6+vr8fHx9/f3+/v7/Pz8/v7+/v7+/v7+/Pz8+fn59vb2fn5+ioqKl5eXo6Ojrq6uurq6xsbGz8/P
        2NjY4ODg6Ojo7u7u9PT0+Pj4+vr6+/v7/Pz8+/v7+fn59vb28/PzfX19iYmJlpaWoKCgq6urtra2wcHBysrK1NTU29vb4uLi6Ojo
        7e3t8fHx8/Pz9fX19vb29fX18/Pz8PDw7e3tfHx8h4eHk5OTnZ2dp6ensbGxvLy8xMTEzc3N1NTU29vb4ODg5eXl6enp6+vr7e3t
        7u7u7u7u7Ozs6enp5ubme3t7hYWFj4+PmZmZo6Ojra2ttra2vb29xcXFzMzM09PT19fX3Nzc4ODg4uLi5eXl5eXl5eXl5OTk4uLi
        4ODgenp6g4ODjIyMlJSUnZ2dpqamrq6utLS0u7u7wsLCyMjIzMzM0dHR1NTU1tbW2dnZ2dnZ2tra2dnZ2NjY1tbWeXl5gICAiIiI
        j4+PmJiYoKCgpqamrKyssrKyuLi4vr6+wcHBxcXFyMjIysrKzMzMzc3Nzs7Ozs7Ozc3Ny8vLeHh4fn5+hYWFjIyMkZGRl5eXnp6e
        o6OjqamprKyssbGxtbW1uLi4u7u7vb29v7+/wMDAwcHBwcHBwcHBwcHBeHh4fHx8goKCh4eHioqKj4+PlJSUmJiYnJycn5+fo6Oj
        p6enqqqqrKysr6+vsLCwsrKys7OztLS0tbW1tbW1dnZ2eXl5fX19gICAg4ODhoaGioqKjIyMkZGRlJSUl5eXmpqanJycnp6eoaGh
        oqKipKSkpaWlp6enqampqampdXV1dnZ2eHh4enp6fHx8fn5+gICAgoKCg4ODhYWFh4eHiYmJi4uLjY2Nj4+PkZGRk5OTlZWVl5eX
        mZmZm5ubdHR0dHR0dXV1dXV1dnZ2d3d3d3d3eHh4eHh4eXl5e3t7fX19fn5+gICAgoKChISEhoaGiIiIi4uLjo6OkJCQ
        """),
    JPEGPicture(
      description: "colour", width: 21, height: 13,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK
        CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK
        CgoKCgoKCgr/wAARCAANABUDAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi
        4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC
        AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm
        Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq
        8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V+FZpktbCzdkfm3D/FU6MknI9Kvn0nSrA7SnArzcJjq+Dqbn77
        w5xdCrFJyPLPGXxEt7TU/KjnAAB71+jZZxVOFCzkfquFzSjWpKVzB8LePtVsLJVhjHC/3q/SuJciwfvH+cHNLD1fdZX8X/FbxAbd
        lwOn9+vwrOcto0ZvlPuchzjF05KzPGPFnjzWrnUzIz4PP8VfL886bsmfuWUZ9jPqx//Z
        """,
      pixelText: """
        gaxajLJdmbZip7pos75vvsB1ysJ50sR93cOI5MON7sKR9cGZ+r+h/byo/riu/7Ww/7K4/6+9/6rD/abI+aPKgLVji7tnmcFrpsNv
        scd1vsl7yMp/0c2D3cuJ48uL7cqS88eW98ae+8Kl/L6p/rur/rSx/bG1/qy6+qa+9aLAfr5wisV1lsp3os55r9F9utOCxdSDzteG
        2NWI3tSM59KP7tCS8s2Y+Mmf+cSi+cCj+7in+bOn+Kys9qav8aCvfMR7iMt+lNGBn9WBq9iFt9qGwNyHyN6J09yL2dqM4dmO6NWQ
        7tKT8cyX8saX88KZ9rud9bWc9Kye8KWi7Z6jfciHiM+Lk9WLndqKqd6Ms+CNvOKLxuSOzuGP0+CQ296P4dmQ5tWQ68+Q7ciR7cSQ
        77uU7bWU7auV66OX55yWfMuUhtGWkdiWmt6VpOKVruWUtuaSveeTxuaTzOWS0+GS2d2Q3tiO4dKN48uL48WJ5b2M5LWL46uK46KM
        35yLes2fhNShjNqglN+eneWcpuaarueYs+iYvOeVwOaTxuOPzN+N0dqL09SI1cuE18aB172A2LV/2Kx/2KJ+1Jt9ec+ogNapiNul
        j+Gjl+akoOehpeedq+ibsuiStuaQvOKNwd+JxtqFytOCyst/y8V7z7x4zrV1z6p1z6Byy5pxeMq0ftGzhNmwi9+ukeGsmOOon+ai
        oOebqeaYreSTseGNtd2Ht9eCu9F/vch5v8R0wbpywLNtv6ppwKBnwJhkdse4e823gNW0hdqxit2vkd+rluKkmeKdn+GXod+Spt2M
        qNeGqtSArc16sMZ0ssFutbhrtLBmtKdhtp5etZdbdsLAecnAfdC8gNW4gti1iNuxjNypjd2ikNuak9qUldiLmdSEms99ncp3oMNv
        ob5qprVipa5fpaZap51VqJdSdbvHd8DGeMfBes29e8+4fdKzgdOrgdOjg9SahNKUiNGMic2Ci8p7jsV0j79rkLpmlLJclKxYl6RU
        mp1QmpdKc7TKdbjIdsDDdcS+dce5dsqzd8uqecujecuafMuSfcmJfsV/gMJ4gb5wg7hmhLRgiK5ZiKhTjKJQj5pLkZVI
        """),
    JPEGPicture(
      description: "half colour", width: 21, height: 13,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK
        CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK
        CgoKCgoKCgr/wAARCAANABUDASIAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi
        4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC
        AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm
        Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq
        8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V6VfPpOlWB2lOBXh3hbx9qthZKsMY4X+9Vfxf8VvEBt2XA6f36
        /KOJuFsTkGLc6UrWPz3gvj7H5ViFSm20dN4y+Ilvaan5Uc4AAPeivnLxZ481q51MyM+Dz/FRXBR4zzOjSUOZ6H9MYXjujUw8ZNPV
        dj//2Q==
        """,
      pixelText: """
        gK1ciLNhlbhooL1rr8ByusJ1x8N50cV92sWE48WJ7MSR8sOZ+MCf+72k/Lup/Lit/LS1/bK5/q2+/Ki/+qPDg7Rji7ppl8Bxo8Rz
        sMd3vcp7yMt+082D28yH5MqN7cqU8sea98Wg+8Kl+7+n/bur+7ax+rK1/a24+qe59qK6gr1tjcRzlsl6os19rtF/utOCxdOEz9aI
        2NSK4dKN6dGT786Y9Mud+Mig+cSi+cCl+Lmo+LOs+Kys9qet8qCugMN2isp+lNGDn9SGq9iHtduIwNyIyt2L09yN29mO5NeR6dSV
        79CZ8cua8caZ88Gc9Lug87Si8a2g76ag65+hfciDh9CJkNaNm9uPpt+QsOGPu+KPxOSPzOKP1OCO3N2R4dmR5tSS6c+S6sqR7MSR
        7LyU7LWW6a2T56aS45+SfMyPhNKUjtmWmN6Yo+OZq+aWs+eUveeTxeeRzeWR1OGP2t2Q3tiO4dKN4cyJ48WJ476K4rWL4a2I3qWH
        25+Ffc2ahdOfjNqglN6fnuOgpOacreiYtOiVvOiTwuaPyeKOz96N1NiL1tOG18uB2MWB2byC2LSA16x/1aR80p17fc2mhdOpi9mp
        kd6omuSnoOejpeedq+iasueVuOWSvuGNxN2KydiHy9KEyst9zMR7z7x60LN5zqt1y6Nyyptxe8qtgdCxidayj9ywk+CsmOOon+ak
        ouadqOaZreOVseCQttuLutWGvdCBvMl6v8N3wrl0xLBxwqhtwJ9pwJhleca2fsu3hNK4iNi1jduxkd+rlOKml+KhnOKcoOCWpN2Q
        p9iJrNOErcx+rsd2sMFztLhutq9ptaZjtJ9gtJdbdsO9e8i+gM6+g9O6hdeziNuvit2pjd2ij9ubk9qWldePmdOJnc2Bnsl6nsNz
        ob5upLVlpa1gpaVbpp5WppdScr3AdsLAeMi/e8y7fM+zftOsf9WmgNSgg9SZhNOSidCMisyEjsh8kMN2j75ukrlmlLFdl6pYmKNU
        mZ1QmpZMbrjDcbzCc8HBdcW8dcmydsuqds2jd82ceM2We8yRfsiJf8V/g8F4hL1wg7hohrNgiK5XiqhSjKJNjptJkZZG
        """),
    JPEGPicture(
      description: "progressive", width: 21, height: 13,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK
        CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK
        CgoKCgoKCgr/wgARCAANABUDASEAAhEBAxEB/8QAGAAAAgMAAAAAAAAAAAAAAAAAAAYDBAf/xAAXAQADAQAAAAAAAAAAAAAAAAAD
        BgcI/9oADAMBAAIQAxAAAAHdmVAErDFS6EZM+JYnU3//xAAZEAADAQEBAAAAAAAAAAAAAAACAwQFEhP/2gAIAQEAAQUCx4lCB+Sg
        s0RFkt7QCvVo5rvcTP/EAB0RAAEEAgMAAAAAAAAAAAAAAAEAAgMEBREGEyH/2gAIAQMBAT8B45ltaBKZYY5oKx8z4Z/FBem6Qv/E
        ABwRAAICAgMAAAAAAAAAAAAAAAECAAMEBQYSIf/aAAgBAgEBPwG1HxL5VtiKx7OQ4laOSJ2YT//EABgQAAIDAAAAAAAAAAAAAAAA
        AAABEBEh/9oACAEBAAY/AlkUmYos/8QAHBABAAIBBQAAAAAAAAAAAAAAAQARECFBUaHB/9oACAEBAAE/IXREelrEyKNrmXh7LKe5
        /9oADAMBAAIAAwAAABDDLv/EABkRAAIDAQAAAAAAAAAAAAAAAAABEUFRgf/aAAgBAwEBPxCYJqRCans4k//EABkRAAIDAQAAAAAA
        AAAAAAAAAAABEBExUf/aAAgBAgEBPxCx5TFXxDBhTP/EABkQAQADAQEAAAAAAAAAAAAAAAEAESExQf/aAAgBAQABPxAfagvIrtkl
        DoA+wuGQZQOSjoux/9k=
        """,
      pixelText: """
        hKtYjrFdl7dipbtosr9tvsF0ysJ51MKA3cSE5sOL7cSQ9cKX+r+h/ruo/7ew/7S2/rO4/rC+/qzD/KfI+qLIg7RijbpnmcBtpMRx
        scd0vsl6yMp/1MyE28yJ48uN68uQ8siW98ad+8Kk/r2p/7mv/LWv/bG1/a26+qa996G8gL1vi8R1lsp4os17r9F9utOAxdOEz9aJ
        19WK3tSM59KP7tCS9MyY+Mmd+sSg+7+l+7il+7Kp+qys96av85+uf8N4isp+lNGBn9SCq9iDtduGwNyIyt2M09yN2dqO4tmO6NWQ
        7tKT8cyV8ceX9cGa9Lyb9bSe9Kyg8qSi7p6hf8iDiM+Jk9aJndqMqd+Ls+CNvuGNx+KRzuGQ1N+R3N2P4dmQ59SQ686S6smT7cOT
        7LyU7bSW6qyV6aOX55yWfcuRhtKUkdiUm92TpeKUr+SUtuWUv+aXxuWVzeSU1OGS2t2Q3teP49GP4cyN48SN4r6K4rWL4ayK4KSM
        35yLes6dgtWhi9uglN+enuScp+WareeatOeYvOeXwuWTx+OPzd+N0dqJ1dOI1MyD18WD1r5+1rV/16x/16N+1Jt+eNCof9arh9un
        kOClmeaioeefpeibreeasueVuOWSvuKLwt6Jx9mDytOAycx9y8V5zr11zrVzz6pzz6ByzZlye8mvgdCzhtiyjN2yj+KqluSmnuei
        o+WdqOaZreOVsOGQs92Lt9eEutJ+vMl3v8R0v7tywLNvv6prv6FlvplieMe0fcy3gdS2hdm1it6tkOGplOKkmuGfnuKZot6UpN2O
        p9iHrNOCrc16r8Z0ssFwtLhstLBntKdhtJ9ctJhZdsO9e8jAfdC+gNS8gtizhtyvjNynjtygkNuak9qUldeNl9SHms99ncp3nsRx
        or1so7Zkpa5fpaZapp5VpphRc7zDdsHGeMfCeszAetC3fdKxgdSqg9KihNOahtKShtGMh82Ei8p7jsV0j75tkrlmlLFdlatYl6RU
        mZ1QmZdMcbbGcrrIdcDFdcTBdci4d8myd8upesuiecuafMuSe8qJfcZ/f8N4gb5wg7hohrNiiK5ZiqdTjKJQjptMj5ZJ
        """),
    JPEGPicture(
      description: "restart markers", width: 21, height: 13,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoK
        CgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK
        CgoKCgoKCgr/wAARCAANABUDAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUF
        BAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVW
        V1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi
        4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAEC
        AxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm
        Z2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq
        8vP09fb3+Pn6/90ABAAB/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V+FZpktbCzdkfm3D/FU6MknI//0P03vn0nSrA7SnAr
        +eMJjq+Dqbn2nDnF0KsUnI//0fuTxl8RLe01Pyo5wAAe9fn2WcVThQs5H9E4XNKNakpXP//S+xvC3j7VbCyVYYxwv96uniXIsH7x
        /NPNLD1fdZ//0/r7xf8AFbxAbdlwOn9+vxPOcto0ZvlPyLIc4xdOSsz/1PV/FnjzWrnUzIz4PP8AFX81886bsmerlGfYz6sf/9k=
        """,
      pixelText: """
        gaxajLJdmbZip7pos75vvsB1ysJ50sR93cOI5MON7sKR9cGZ+r+h/byo/riu/7Ww/7K4/6+9/6rD/abI+aPKgLVji7tnmcFrpsNv
        scd1vsl7yMp/0c2D3cuJ48uL7cqS88eW98ae+8Kl/L6p/rur/rSx/bG1/qy6+qa+9aLAfr5wisV1lsp3os55r9F9utOCxdSDzteG
        2NWI3tSM59KP7tCS8s2Y+Mmf+cSi+cCj+7in+bOn+Kys9qav8aCvfMR7iMt+lNGBn9WBq9iFt9qGwNyHyN6J09yL2dqM4dmO6NWQ
        7tKT8cyX8saX88KZ9rud9bWc9Kye8KWi7Z6jfciHiM+Lk9WLndqKqd6Ms+CNvOKLxuSOzuGP0+CQ296P4dmQ5tWQ68+Q7ciR7cSQ
        77uU7bWU7auV66OX55yWfMuUhtGWkdiWmt6VpOKVruWUtuaSveeTxuaTzOWS0+GS2d2Q3tiO4dKN48uL48WJ5b2M5LWL46uK46KM
        35yLes2fhNShjNqglN+eneWcpuaarueYs+iYvOeVwOaTxuOPzN+N0dqL09SI1cuE18aB172A2LV/2Kx/2KJ+1Jt9ec+ogNapiNul
        j+Gjl+akoOehpeedq+ibsuiStuaQvOKNwd+JxtqFytOCyst/y8V7z7x4zrV1z6p1z6Byy5pxeMq0ftGzhNmwi9+ukeGsmOOon+ai
        oOebqeaYreSTseGNtd2Ht9eCu9F/vch5v8R0wbpywLNtv6ppwKBnwJhkdse4e823gNW0hdqxit2vkd+rluKkmeKdn+GXod+Spt2M
        qNeGqtSArc16sMZ0ssFutbhrtLBmtKdhtp5etZdbdsLAecnAfdC8gNW4gti1iNuxjNypjd2ikNuak9qUldiLmdSEms99ncp3oMNv
        ob5qprVipa5fpaZap51VqJdSdbvHd8DGeMfBes29e8+4fdKzgdOrgdOjg9SahNKUiNGMic2Ci8p7jsV0j79rkLpmlLJclKxYl6RU
        mp1QmpdKc7TKdbjIdsDDdcS+dce5dsqzd8uqecujecuafMuSfcmJfsV/gMJ4gb5wg7hmhLRgiK5ZiKhTjKJQj5pLkZVI
        """),
    JPEGPicture(
      description: "CMYK", width: 21, height: 13,
      fileText: """
        /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoK
        CgYICwwLCgwJCgoK/8AAFAgADQAVBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIB
        AwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZH
        SElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV
        1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD51/a98AXmuTXJghJ3E4wK/LL4hfGHXotSeNbl8bvU1z2t
        /tKnxcWi+27t3+1Xk/7W3gmfxLJcmCItuzjAr4F+Kn7PuvXGpSSJZv8AeP8ADVj4cfEfV9Tvo1lmc5YdTXKax4L/AOE+yfK37/bN
        fn78ZP2adav7+WRLFzlj/DXN6R8BtcghZXtJM5/u19UfDG0bUtAE8i5PHauW1H9iQavP9r/ssHP+xXnMX7Mmuw5D2UhOe6mv2w8U
        /DvQ/Ee5r5c7uvy5r5p+IXww0Z9TkYzN97+5XjPwk8UapfXsYnmJyfWv231HwdpfiXJvx97r8teceJ/2ZfAF2zPJGc/9chVn4b/D
        /SrO+QxyHgj+Gvtb9njSrXU1gFyuc47VzWufs2eA9QVnnj5P/TIVw2qfs3+BLa42RxnB/wCmYr6q+GGnw2ugCJOQMdq+r/Cnw28O
        T6UjyWwJwP4a4bWv2ZvAFvdlEj/8hCv/2Q==
        """,
      pixelText: """
        Ri1bOidRLiFHJBw9Gxg0FBMrDhAjCQ0cBgsWAwgQAgYLAQUIAAMFAAICAAEBAAAAAAAAAAAAAAAAAAAAAAAARyhWOyNNLxxDJRg6
        HBQyFREqDw4iCgscBwkWBAgRAgYMAQUJAQQGAAIEAAICAAEBAAAAAAAAAAAAAAEBAAEBSCVQPB9IMBk/JhU4HhEwFg4qEAwjCwod
        CAgXBQcTAwYPAgULAQQIAQMGAAMEAAIDAAICAAICAAICAAMDAAQDSCFJPRxCMRY7KBI1IA8vGQwqEgojDgkfCggaBwcWBQYSAwYP
        AgUMAQUJAQQIAQQGAAQFAQQFAQUFAQUFAQYGSR9CPhk9MxM3KxAyIw0tHAspFgkkEQggDQcdCgcZBwcVBQYTBAYQAwYOAgYNAgYL
        AgYKAgcKAggKAgkKAwoLSh08QBg4NhMzLg8vJgwsHwooGQklFAghEAcfDQccCgcZCAcXBgcVBQcTBAgSBAgRBAkQAwoQBAsQBA0Q
        BA4QSRs1QRYyOBIvMQ4tKgwqJAooHggmGggkFQciEgggDwgfDQgdCwkcCQkaCQsZCAwYBwwXBw0XBw8XBxEXBxIXShsvQxctOxIr
        NQ8qLg0pKAsoJAknHwkmGwglGAkkFQkjEgojEAsiDgshDg0hDA8hDBAhDBIgCxMgDBYhDBghSRwpRBgoPRMoNxAoMw4oLgwoKQso
        JgooIQkoHwopHAspGgwpGA0pFg8pFBAqExIqExQqEhYrEhgqERoqERwqSh8mRholQBYmPBImOREnNQ8oMQ0pLg0qKw0tKQ4uJg4v
        Iw8wIREyIBMyHRUzHRc0Gxk1Gxs2Gh42GSA1GSI2SiAhRx0iRBkiQRYkPxQmPBIoORErNxAtNBEwMhIyLxI0LhM3LBU6Khc7KBk9
        Jxs+JR4/JCBBIyNBISVBIShBSiQeSSEfRx0hRhojRRkmRBgqQxctQhcwQRY0Pxc4PRg7PBk/OxtDOR1GNx9INSJKMyVMMSdNLylO
        LixPLC5PSykcSyYeSyIgSyAjSx8mSx0qSx0vSxwzTB04Sx48Sh5BSB9GSCJLRiRORCZRQihVQCtXPi1ZOy9ZODFZNjNZ
        """),
    JPEGPicture(
      description: "YCCK", width: 21, height: 13,
      fileText: """
        /9j/7gAOQWRvYmUAZAAAAAAC/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoK
        CgYICwwLCgwJCgoK/8AAFAgADQAVBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIB
        AwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZH
        SElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV
        1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD51/a98AXmuTXJghJ3E4wK/LL4hfGHXotSeNbl8bvU1z2t
        /tKnxcWi+27t3+1Xk/7W3gmfxLJcmCItuzjAr4F+Kn7PuvXGpSSJZv8AeP8ADVj4cfEfV9Tvo1lmc5YdTXKax4L/AOE+yfK37/bN
        fn78ZP2adav7+WRLFzlj/DXN6R8BtcghZXtJM5/u19UfDG0bUtAE8i5PHauW1H9iQavP9r/ssHP+xXnMX7Mmuw5D2UhOe6mv2w8U
        /DvQ/Ee5r5c7uvy5r5p+IXww0Z9TkYzN97+5XjPwk8UapfXsYnmJyfWv231HwdpfiXJvx97r8teceJ/2ZfAF2zPJGc/9chVn4b/D
        /SrO+QxyHgj+Gvtb9njSrXU1gFyuc47VzWufs2eA9QVnnj5P/TIVw2qfs3+BLa42RxnB/wCmYr6q+GGnw2ugCJOQMdq+r/Cnw28O
        T6UjyWwJwP4a4bWv2ZvAFvdlEj/8hCv/2Q==
        """,
      pixelText: """
        Kk10MEp0NEdzNkFnNTxaNTZOMi9CLSk3KCItIhsjGhQaEw8TDAoMBwYHAwIDAAAAAQEBAAAAAAAAAQEBAQEBMkd+NkV9OUJ1Oz5o
        OjpcODRQNS5EMSk6LCMwJRwmHRYdFhEWEA0QCggKBwYHAwIDAQEBAAAAAQEBAgECAwIDOkCDPj+DPz11QDpqPzdePTNTOi9INCk9
        LiQzKB4qIhkiGxUbFRAVEA0QDAoMCQcJBgUGBgUGBwYHCQcJCggKQzmKRjqDRjh3RTZsRDViQjJYPS5MOStDMyY5LiIxKB0pIxoj
        HBUcFxIXFBAUEA0QDgsODQoNDgsODwwPEQ0RTDONTTSETjN5TDJvSjFlRzBcQy5SPitJOilBNCU5LyIxKx8sJRslIBggHRYdGhQa
        GBMYGBMYGBMYGRQZGhUaVS6OVC+FVC97Ui9yTy9pTC5gSC1XQytPPypIOShANSY6MSQ1LCEvKB8qJR0nIhwkIRsjIBsiIBsiIRwj
        IRwjXCiMXCmFWyp9WCp1VSxtUixmTi1fSSxYRSxRQStLPCpFOSlBNSg8MSY3LiY1LCUyKSQvJyQuJiQtJiUuJiUuYyOMYiSGYCV/
        Xid5WilyVytsUytmTyxgSy1bRy1VQi1QPi1MOi1INy1EMy1BMS0/Ly4+LS48LC47Ky87Ki86aB+KaCCGZSKAYiR7YCZ3XCdyWCpt
        VCxpUC1jSy5gRzBcQzFYPzJVPDNSODRPNTVNMzVLMDdKLjdILTdGKzdCbx2HbR2Iah+DaCF/ZCN8YCV4Wyh0WCpxVC1wUDBtSzJp
        RzRmQzdkPzhhOzpeODxcNT1aMj9ZL0BWLUBPLEJLcxmBcRqGbxyFax2DaCCBZCJ/XyZ9Wyh7Vy15UjB3TTJ0STZzRDpxQDxvOz9s
        NkFqM0NoMEVlLUddK0hWKUlRdBh3cxh9cRmEbhyHax6HZiGGYiSGXyeGWSuFUy+ETTKCSDaBQzuBPj9/OUJ9NUV4MEhwLUtrKE1j
        Jk9cJFBXdxhwdRh2dBh+cBqCbByGaR+KYyKMYCWOWSmPUy2NTTKNSDeNQjyIO0CENkR+MEl5LExzKE9uJFFmIlRfIFZa
        """),
    JPEGPicture(
      description: "orientation 1", width: 21, height: 13,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAEAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgIC
        AgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoK
        CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAANABUDAREAAhEBAxEB/8QAHwAAAQUBAQEB
        AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk
        M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj
        pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAA
        AAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl
        8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmq
        srO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V+
        FZpktbCzdkfm3D/FU6MknI9Kvn0nSrA7SnArzcJjq+Dqbn77w5xdCrFJyPLPGXxEt7TU/KjnAAB71+jZZxVOFCzkfquFzSjWpKVz
        B8LePtVsLJVhjHC/3q/SuJciwfvH+cHNLD1fdZX8X/FbxAbdlwOn9+vwrOcto0ZvlPuchzjF05KzPGPFnjzWrnUzIz4PP8VfL886
        bsmfuWUZ9jPqx//Z
        """,
      pixelText: """
        gaxajLJdmbZip7pos75vvsB1ysJ50sR93cOI5MON7sKR9cGZ+r+h/byo/riu/7Ww/7K4/6+9/6rD/abI+aPKgLVji7tnmcFrpsNv
        scd1vsl7yMp/0c2D3cuJ48uL7cqS88eW98ae+8Kl/L6p/rur/rSx/bG1/qy6+qa+9aLAfr5wisV1lsp3os55r9F9utOCxdSDzteG
        2NWI3tSM59KP7tCS8s2Y+Mmf+cSi+cCj+7in+bOn+Kys9qav8aCvfMR7iMt+lNGBn9WBq9iFt9qGwNyHyN6J09yL2dqM4dmO6NWQ
        7tKT8cyX8saX88KZ9rud9bWc9Kye8KWi7Z6jfciHiM+Lk9WLndqKqd6Ms+CNvOKLxuSOzuGP0+CQ296P4dmQ5tWQ68+Q7ciR7cSQ
        77uU7bWU7auV66OX55yWfMuUhtGWkdiWmt6VpOKVruWUtuaSveeTxuaTzOWS0+GS2d2Q3tiO4dKN48uL48WJ5b2M5LWL46uK46KM
        35yLes2fhNShjNqglN+eneWcpuaarueYs+iYvOeVwOaTxuOPzN+N0dqL09SI1cuE18aB172A2LV/2Kx/2KJ+1Jt9ec+ogNapiNul
        j+Gjl+akoOehpeedq+ibsuiStuaQvOKNwd+JxtqFytOCyst/y8V7z7x4zrV1z6p1z6Byy5pxeMq0ftGzhNmwi9+ukeGsmOOon+ai
        oOebqeaYreSTseGNtd2Ht9eCu9F/vch5v8R0wbpywLNtv6ppwKBnwJhkdse4e823gNW0hdqxit2vkd+rluKkmeKdn+GXod+Spt2M
        qNeGqtSArc16sMZ0ssFutbhrtLBmtKdhtp5etZdbdsLAecnAfdC8gNW4gti1iNuxjNypjd2ikNuak9qUldiLmdSEms99ncp3oMNv
        ob5qprVipa5fpaZap51VqJdSdbvHd8DGeMfBes29e8+4fdKzgdOrgdOjg9SahNKUiNGMic2Ci8p7jsV0j79rkLpmlLJclKxYl6RU
        mp1QmpdKc7TKdbjIdsDDdcS+dce5dsqzd8uqecujecuafMuSfcmJfsV/gMJ4gb5wg7hmhLRgiK5ZiKhTjKJQj5pLkZVI
        """),
    JPEGPicture(
      description: "orientation 2", width: 21, height: 13,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAIAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgIC
        AgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoK
        CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAANABUDAREAAhEBAxEB/8QAHwAAAQUBAQEB
        AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk
        M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj
        pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAA
        AAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl
        8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmq
        srO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V+
        FZpktbCzdkfm3D/FU6MknI9Kvn0nSrA7SnArzcJjq+Dqbn77w5xdCrFJyPLPGXxEt7TU/KjnAAB71+jZZxVOFCzkfquFzSjWpKVz
        B8LePtVsLJVhjHC/3q/SuJciwfvH+cHNLD1fdZX8X/FbxAbdlwOn9+vwrOcto0ZvlPuchzjF05KzPGPFnjzWrnUzIz4PP8VfL886
        bsmfuWUZ9jPqx//Z
        """,
      pixelText: """
        +aPK/abI/6rD/6+9/7K4/7Ww/riu/byo+r+h9cGZ7sKR5MON3cOI0sR9ysJ5vsB1s75vp7pombZijLJdgaxa9aLA+qa+/qy6/bG1
        /rSx/rur/L6p+8Kl98ae88eW7cqS48uL3cuJ0c2DyMp/vsl7scd1psNvmcFri7tngLVj8aCv9qav+Kys+bOn+7in+cCj+cSi+Mmf
        8s2Y7tCS59KP3tSM2NWIzteGxdSDutOCr9F9os55lsp3isV1fr5w7Z6j8KWi9Kye9bWc9rud88KZ8saX8cyX7tKT6NWQ4dmO2dqM
        09yLyN6JwNyHt9qGq9iFn9WBlNGBiMt+fMR755yW66OX7auV7bWU77uU7cSQ7ciR68+Q5tWQ4dmQ296P0+CQzuGPxuSOvOKLs+CN
        qd6MndqKk9WLiM+LfciH35yL46KM46uK5LWL5b2M48WJ48uL4dKN3tiO2d2Q0+GSzOWSxuaTveeTtuaSruWUpOKVmt6VkdiWhtGW
        fMuU1Jt92KJ+2Kx/2LV/172A18aB1cuE09SI0dqLzN+NxuOPwOaTvOeVs+iYrueYpuaaneWclN+ejNqghNShes2fy5pxz6Byz6p1
        zrV1z7x4y8V7yst/ytOCxtqFwd+JvOKNtuaQsuiSq+ibpeedoOehl+akj+GjiNulgNapec+owJhkwKBnv6ppwLNtwbpyv8R0vch5
        u9F/t9eCtd2HseGNreSTqeaYoOebn+aimOOokeGsi9+uhNmwftGzeMq0tZdbtp5etKdhtLBmtbhrssFusMZ0rc16qtSAqNeGpt2M
        od+Sn+GXmeKdluKkkd+rit2vhdqxgNW0e823dse4qJdSp51VpaZapa5fprViob5qoMNvncp3ms99mdSEldiLk9qUkNuajd2ijNyp
        iNuxgti1gNW4fdC8ecnAdsLAmpdKmp1Ql6RUlKxYlLJckLpmj79rjsV0i8p7ic2CiNGMhNKUg9SagdOjgdOrfdKze8+4es29eMfB
        d8DGdbvHkZVIj5pLjKJQiKhTiK5ZhLRgg7hmgb5wgMJ4fsV/fcmJfMuSecuaecujd8uqdsqzdce5dcS+dsDDdbjIc7TK
        """),
    JPEGPicture(
      description: "orientation 3", width: 21, height: 13,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAMAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgIC
        AgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoK
        CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAANABUDAREAAhEBAxEB/8QAHwAAAQUBAQEB
        AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk
        M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj
        pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAA
        AAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl
        8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmq
        srO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V+
        FZpktbCzdkfm3D/FU6MknI9Kvn0nSrA7SnArzcJjq+Dqbn77w5xdCrFJyPLPGXxEt7TU/KjnAAB71+jZZxVOFCzkfquFzSjWpKVz
        B8LePtVsLJVhjHC/3q/SuJciwfvH+cHNLD1fdZX8X/FbxAbdlwOn9+vwrOcto0ZvlPuchzjF05KzPGPFnjzWrnUzIz4PP8VfL886
        bsmfuWUZ9jPqx//Z
        """,
      pixelText: """
        kZVIj5pLjKJQiKhTiK5ZhLRgg7hmgb5wgMJ4fsV/fcmJfMuSecuaecujd8uqdsqzdce5dcS+dsDDdbjIc7TKmpdKmp1Ql6RUlKxY
        lLJckLpmj79rjsV0i8p7ic2CiNGMhNKUg9SagdOjgdOrfdKze8+4es29eMfBd8DGdbvHqJdSp51VpaZapa5fprViob5qoMNvncp3
        ms99mdSEldiLk9qUkNuajd2ijNypiNuxgti1gNW4fdC8ecnAdsLAtZdbtp5etKdhtLBmtbhrssFusMZ0rc16qtSAqNeGpt2Mod+S
        n+GXmeKdluKkkd+rit2vhdqxgNW0e823dse4wJhkwKBnv6ppwLNtwbpyv8R0vch5u9F/t9eCtd2HseGNreSTqeaYoOebn+aimOOo
        keGsi9+uhNmwftGzeMq0y5pxz6Byz6p1zrV1z7x4y8V7yst/ytOCxtqFwd+JvOKNtuaQsuiSq+ibpeedoOehl+akj+GjiNulgNap
        ec+o1Jt92KJ+2Kx/2LV/172A18aB1cuE09SI0dqLzN+NxuOPwOaTvOeVs+iYrueYpuaaneWclN+ejNqghNShes2f35yL46KM46uK
        5LWL5b2M48WJ48uL4dKN3tiO2d2Q0+GSzOWSxuaTveeTtuaSruWUpOKVmt6VkdiWhtGWfMuU55yW66OX7auV7bWU77uU7cSQ7ciR
        68+Q5tWQ4dmQ296P0+CQzuGPxuSOvOKLs+CNqd6MndqKk9WLiM+LfciH7Z6j8KWi9Kye9bWc9rud88KZ8saX8cyX7tKT6NWQ4dmO
        2dqM09yLyN6JwNyHt9qGq9iFn9WBlNGBiMt+fMR78aCv9qav+Kys+bOn+7in+cCj+cSi+Mmf8s2Y7tCS59KP3tSM2NWIzteGxdSD
        utOCr9F9os55lsp3isV1fr5w9aLA+qa+/qy6/bG1/rSx/rur/L6p+8Kl98ae88eW7cqS48uL3cuJ0c2DyMp/vsl7scd1psNvmcFr
        i7tngLVj+aPK/abI/6rD/6+9/7K4/7Ww/riu/byo+r+h9cGZ7sKR5MON3cOI0sR9ysJ5vsB1s75vp7pombZijLJdgaxa
        """),
    JPEGPicture(
      description: "orientation 4", width: 21, height: 13,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAQAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgIC
        AgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoK
        CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAANABUDAREAAhEBAxEB/8QAHwAAAQUBAQEB
        AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk
        M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj
        pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAA
        AAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl
        8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmq
        srO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V+
        FZpktbCzdkfm3D/FU6MknI9Kvn0nSrA7SnArzcJjq+Dqbn77w5xdCrFJyPLPGXxEt7TU/KjnAAB71+jZZxVOFCzkfquFzSjWpKVz
        B8LePtVsLJVhjHC/3q/SuJciwfvH+cHNLD1fdZX8X/FbxAbdlwOn9+vwrOcto0ZvlPuchzjF05KzPGPFnjzWrnUzIz4PP8VfL886
        bsmfuWUZ9jPqx//Z
        """,
      pixelText: """
        c7TKdbjIdsDDdcS+dce5dsqzd8uqecujecuafMuSfcmJfsV/gMJ4gb5wg7hmhLRgiK5ZiKhTjKJQj5pLkZVIdbvHd8DGeMfBes29
        e8+4fdKzgdOrgdOjg9SahNKUiNGMic2Ci8p7jsV0j79rkLpmlLJclKxYl6RUmp1QmpdKdsLAecnAfdC8gNW4gti1iNuxjNypjd2i
        kNuak9qUldiLmdSEms99ncp3oMNvob5qprVipa5fpaZap51VqJdSdse4e823gNW0hdqxit2vkd+rluKkmeKdn+GXod+Spt2MqNeG
        qtSArc16sMZ0ssFutbhrtLBmtKdhtp5etZdbeMq0ftGzhNmwi9+ukeGsmOOon+aioOebqeaYreSTseGNtd2Ht9eCu9F/vch5v8R0
        wbpywLNtv6ppwKBnwJhkec+ogNapiNulj+Gjl+akoOehpeedq+ibsuiStuaQvOKNwd+JxtqFytOCyst/y8V7z7x4zrV1z6p1z6By
        y5pxes2fhNShjNqglN+eneWcpuaarueYs+iYvOeVwOaTxuOPzN+N0dqL09SI1cuE18aB172A2LV/2Kx/2KJ+1Jt9fMuUhtGWkdiW
        mt6VpOKVruWUtuaSveeTxuaTzOWS0+GS2d2Q3tiO4dKN48uL48WJ5b2M5LWL46uK46KM35yLfciHiM+Lk9WLndqKqd6Ms+CNvOKL
        xuSOzuGP0+CQ296P4dmQ5tWQ68+Q7ciR7cSQ77uU7bWU7auV66OX55yWfMR7iMt+lNGBn9WBq9iFt9qGwNyHyN6J09yL2dqM4dmO
        6NWQ7tKT8cyX8saX88KZ9rud9bWc9Kye8KWi7Z6jfr5wisV1lsp3os55r9F9utOCxdSDzteG2NWI3tSM59KP7tCS8s2Y+Mmf+cSi
        +cCj+7in+bOn+Kys9qav8aCvgLVji7tnmcFrpsNvscd1vsl7yMp/0c2D3cuJ48uL7cqS88eW98ae+8Kl/L6p/rur/rSx/bG1/qy6
        +qa+9aLAgaxajLJdmbZip7pos75vvsB1ysJ50sR93cOI5MON7sKR9cGZ+r+h/byo/riu/7Ww/7K4/6+9/6rD/abI+aPK
        """),
    JPEGPicture(
      description: "orientation 5", width: 13, height: 21,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAUAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgIC
        AgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoK
        CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAANABUDAREAAhEBAxEB/8QAHwAAAQUBAQEB
        AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk
        M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj
        pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAA
        AAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl
        8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmq
        srO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V+
        FZpktbCzdkfm3D/FU6MknI9Kvn0nSrA7SnArzcJjq+Dqbn77w5xdCrFJyPLPGXxEt7TU/KjnAAB71+jZZxVOFCzkfquFzSjWpKVz
        B8LePtVsLJVhjHC/3q/SuJciwfvH+cHNLD1fdZX8X/FbxAbdlwOn9+vwrOcto0ZvlPuchzjF05KzPGPFnjzWrnUzIz4PP8VfL886
        bsmfuWUZ9jPqx//Z
        """,
      pixelText: """
        gaxagLVjfr5wfMR7fciHfMuUes2fec+oeMq0dse4dsLAdbvHc7TKjLJdi7tnisV1iMt+iM+LhtGWhNShgNapftGze823ecnAd8DG
        dbjImbZimcFrlsp3lNGBk9WLkdiWjNqgiNulhNmwgNW0fdC8eMfBdsDDp7popsNvos55n9WBndqKmt6VlN+ej+Gji9+uhdqxgNW4
        es29dcS+s75vscd1r9F9q9iFqd6MpOKVneWcl+akkeGsit2vgti1e8+4dce5vsB1vsl7utOCt9qGs+CNruWUpuaaoOehmOOokd+r
        iNuxfdKzdsqzysJ5yMp/xdSDwNyHvOKLtuaSrueYpeedn+ailuKkjNypgdOrd8uq0sR90c2DzteGyN6JxuSOveeTs+iYq+iboOeb
        meKdjd2igdOjecuj3cOI3cuJ2NWI09yLzuGPxuaTvOeVsuiSqeaYn+GXkNuag9Saecua5MON48uL3tSM2dqM0+CQzOWSwOaTtuaQ
        reSTod+Sk9qUhNKUfMuS7sKR7cqS59KP4dmO296P0+GSxuOPvOKNseGNpt2MldiLiNGMfcmJ9cGZ88eW7tCS6NWQ4dmQ2d2QzN+N
        wd+Jtd2HqNeGmdSEic2CfsV/+r+h98ae8s2Y7tKT5tWQ3tiO0dqLxtqFt9eCqtSAms99i8p7gMJ4/byo+8Kl+Mmf8cyX68+Q4dKN
        09SIytOCu9F/rc16ncp3jsV0gb5w/riu/L6p+cSi8saX7ciR48uL1cuEyst/vch5sMZ0oMNvj79rg7hm/7Ww/rur+cCj88KZ7cSQ
        48WJ18aBy8V7v8R0ssFuob5qkLpmhLRg/7K4/rSx+7in9rud77uU5b2M172Az7x4wbpytbhrprVilLJciK5Z/6+9/bG1+bOn9bWc
        7bWU5LWL2LV/zrV1wLNttLBmpa5flKxYiKhT/6rD/qy6+Kys9Kye7auV46uK2Kx/z6p1v6pptKdhpaZal6RUjKJQ/abI+qa+9qav
        8KWi66OX46KM2KJ+z6BywKBntp5ep51Vmp1Qj5pL+aPK9aLA8aCv7Z6j55yW35yL1Jt9y5pxwJhktZdbqJdSmpdKkZVI
        """),
    JPEGPicture(
      description: "orientation 6", width: 13, height: 21,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgIC
        AgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoK
        CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAANABUDAREAAhEBAxEB/8QAHwAAAQUBAQEB
        AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk
        M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj
        pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAA
        AAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl
        8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmq
        srO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V+
        FZpktbCzdkfm3D/FU6MknI9Kvn0nSrA7SnArzcJjq+Dqbn77w5xdCrFJyPLPGXxEt7TU/KjnAAB71+jZZxVOFCzkfquFzSjWpKVz
        B8LePtVsLJVhjHC/3q/SuJciwfvH+cHNLD1fdZX8X/FbxAbdlwOn9+vwrOcto0ZvlPuchzjF05KzPGPFnjzWrnUzIz4PP8VfL886
        bsmfuWUZ9jPqx//Z
        """,
      pixelText: """
        c7TKdbvHdsLAdse4eMq0ec+oes2ffMuUfciHfMR7fr5wgLVjgaxadbjId8DGecnAe823ftGzgNaphNShhtGWiM+LiMt+isV1i7tn
        jLJddsDDeMfBfdC8gNW0hNmwiNuljNqgkdiWk9WLlNGBlsp3mcFrmbZidcS+es29gNW4hdqxi9+uj+GjlN+emt6VndqKn9WBos55
        psNvp7podce5e8+4gti1it2vkeGsl+akneWcpOKVqd6Mq9iFr9F9scd1s75vdsqzfdKziNuxkd+rmOOooOehpuaaruWUs+CNt9qG
        utOCvsl7vsB1d8uqgdOrjNypluKkn+aipeedrueYtuaSvOKLwNyHxdSDyMp/ysJ5ecujgdOjjd2imeKdoOebq+ibs+iYveeTxuSO
        yN6JzteG0c2D0sR9ecuag9SakNuan+GXqeaYsuiSvOeVxuaTzuGP09yL2NWI3cuJ3cOIfMuShNKUk9qUod+SreSTtuaQwOaTzOWS
        0+CQ2dqM3tSM48uL5MONfcmJiNGMldiLpt2MseGNvOKNxuOP0+GS296P4dmO59KP7cqS7sKRfsV/ic2CmdSEqNeGtd2Hwd+JzN+N
        2d2Q4dmQ6NWQ7tCS88eW9cGZgMJ4i8p7ms99qtSAt9eCxtqF0dqL3tiO5tWQ7tKT8s2Y98ae+r+hgb5wjsV0ncp3rc16u9F/ytOC
        09SI4dKN68+Q8cyX+Mmf+8Kl/byog7hmj79roMNvsMZ0vch5yst/1cuE48uL7ciR8saX+cSi/L6p/riuhLRgkLpmob5qssFuv8R0
        y8V718aB48WJ7cSQ88KZ+cCj/rur/7WwiK5ZlLJcprVitbhrwbpyz7x4172A5b2M77uU9rud+7in/rSx/7K4iKhTlKxYpa5ftLBm
        wLNtzrV12LV/5LWL7bWU9bWc+bOn/bG1/6+9jKJQl6RUpaZatKdhv6ppz6p12Kx/46uK7auV9Kye+Kys/qy6/6rDj5pLmp1Qp51V
        tp5ewKBnz6By2KJ+46KM66OX8KWi9qav+qa+/abIkZVImpdKqJdStZdbwJhky5px1Jt935yL55yW7Z6j8aCv9aLA+aPK
        """),
    JPEGPicture(
      description: "orientation 7", width: 13, height: 21,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAcAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgIC
        AgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoK
        CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAANABUDAREAAhEBAxEB/8QAHwAAAQUBAQEB
        AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk
        M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj
        pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAA
        AAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl
        8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmq
        srO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V+
        FZpktbCzdkfm3D/FU6MknI9Kvn0nSrA7SnArzcJjq+Dqbn77w5xdCrFJyPLPGXxEt7TU/KjnAAB71+jZZxVOFCzkfquFzSjWpKVz
        B8LePtVsLJVhjHC/3q/SuJciwfvH+cHNLD1fdZX8X/FbxAbdlwOn9+vwrOcto0ZvlPuchzjF05KzPGPFnjzWrnUzIz4PP8VfL886
        bsmfuWUZ9jPqx//Z
        """,
      pixelText: """
        kZVImpdKqJdStZdbwJhky5px1Jt935yL55yW7Z6j8aCv9aLA+aPKj5pLmp1Qp51Vtp5ewKBnz6By2KJ+46KM66OX8KWi9qav+qa+
        /abIjKJQl6RUpaZatKdhv6ppz6p12Kx/46uK7auV9Kye+Kys/qy6/6rDiKhTlKxYpa5ftLBmwLNtzrV12LV/5LWL7bWU9bWc+bOn
        /bG1/6+9iK5ZlLJcprVitbhrwbpyz7x4172A5b2M77uU9rud+7in/rSx/7K4hLRgkLpmob5qssFuv8R0y8V718aB48WJ7cSQ88KZ
        +cCj/rur/7Wwg7hmj79roMNvsMZ0vch5yst/1cuE48uL7ciR8saX+cSi/L6p/riugb5wjsV0ncp3rc16u9F/ytOC09SI4dKN68+Q
        8cyX+Mmf+8Kl/byogMJ4i8p7ms99qtSAt9eCxtqF0dqL3tiO5tWQ7tKT8s2Y98ae+r+hfsV/ic2CmdSEqNeGtd2Hwd+JzN+N2d2Q
        4dmQ6NWQ7tCS88eW9cGZfcmJiNGMldiLpt2MseGNvOKNxuOP0+GS296P4dmO59KP7cqS7sKRfMuShNKUk9qUod+SreSTtuaQwOaT
        zOWS0+CQ2dqM3tSM48uL5MONecuag9SakNuan+GXqeaYsuiSvOeVxuaTzuGP09yL2NWI3cuJ3cOIecujgdOjjd2imeKdoOebq+ib
        s+iYveeTxuSOyN6JzteG0c2D0sR9d8uqgdOrjNypluKkn+aipeedrueYtuaSvOKLwNyHxdSDyMp/ysJ5dsqzfdKziNuxkd+rmOOo
        oOehpuaaruWUs+CNt9qGutOCvsl7vsB1dce5e8+4gti1it2vkeGsl+akneWcpOKVqd6Mq9iFr9F9scd1s75vdcS+es29gNW4hdqx
        i9+uj+GjlN+emt6VndqKn9WBos55psNvp7podsDDeMfBfdC8gNW0hNmwiNuljNqgkdiWk9WLlNGBlsp3mcFrmbZidbjId8DGecnA
        e823ftGzgNaphNShhtGWiM+LiMt+isV1i7tnjLJdc7TKdbvHdsLAdse4eMq0ec+oes2ffMuUfciHfMR7fr5wgLVjgaxa
        """),
    JPEGPicture(
      description: "orientation 8", width: 13, height: 21,
      fileText: """
        /9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAgAAAAAAAD/2wBDAAIBAQEBAQIBAQECAgIC
        AgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoK
        CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAANABUDAREAAhEBAxEB/8QAHwAAAQUBAQEB
        AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAk
        M2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKj
        pKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAA
        AAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl
        8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmq
        srO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD7t+DvgjSrSyiZ4lGAM8V+
        FZpktbCzdkfm3D/FU6MknI9Kvn0nSrA7SnArzcJjq+Dqbn77w5xdCrFJyPLPGXxEt7TU/KjnAAB71+jZZxVOFCzkfquFzSjWpKVz
        B8LePtVsLJVhjHC/3q/SuJciwfvH+cHNLD1fdZX8X/FbxAbdlwOn9+vwrOcto0ZvlPuchzjF05KzPGPFnjzWrnUzIz4PP8VfL886
        bsmfuWUZ9jPqx//Z
        """,
      pixelText: """
        +aPK9aLA8aCv7Z6j55yW35yL1Jt9y5pxwJhktZdbqJdSmpdKkZVI/abI+qa+9qav8KWi66OX46KM2KJ+z6BywKBntp5ep51Vmp1Q
        j5pL/6rD/qy6+Kys9Kye7auV46uK2Kx/z6p1v6pptKdhpaZal6RUjKJQ/6+9/bG1+bOn9bWc7bWU5LWL2LV/zrV1wLNttLBmpa5f
        lKxYiKhT/7K4/rSx+7in9rud77uU5b2M172Az7x4wbpytbhrprVilLJciK5Z/7Ww/rur+cCj88KZ7cSQ48WJ18aBy8V7v8R0ssFu
        ob5qkLpmhLRg/riu/L6p+cSi8saX7ciR48uL1cuEyst/vch5sMZ0oMNvj79rg7hm/byo+8Kl+Mmf8cyX68+Q4dKN09SIytOCu9F/
        rc16ncp3jsV0gb5w+r+h98ae8s2Y7tKT5tWQ3tiO0dqLxtqFt9eCqtSAms99i8p7gMJ49cGZ88eW7tCS6NWQ4dmQ2d2QzN+Nwd+J
        td2HqNeGmdSEic2CfsV/7sKR7cqS59KP4dmO296P0+GSxuOPvOKNseGNpt2MldiLiNGMfcmJ5MON48uL3tSM2dqM0+CQzOWSwOaT
        tuaQreSTod+Sk9qUhNKUfMuS3cOI3cuJ2NWI09yLzuGPxuaTvOeVsuiSqeaYn+GXkNuag9Saecua0sR90c2DzteGyN6JxuSOveeT
        s+iYq+iboOebmeKdjd2igdOjecujysJ5yMp/xdSDwNyHvOKLtuaSrueYpeedn+ailuKkjNypgdOrd8uqvsB1vsl7utOCt9qGs+CN
        ruWUpuaaoOehmOOokd+riNuxfdKzdsqzs75vscd1r9F9q9iFqd6MpOKVneWcl+akkeGsit2vgti1e8+4dce5p7popsNvos55n9WB
        ndqKmt6VlN+ej+Gji9+uhdqxgNW4es29dcS+mbZimcFrlsp3lNGBk9WLkdiWjNqgiNulhNmwgNW0fdC8eMfBdsDDjLJdi7tnisV1
        iMt+iM+LhtGWhNShgNapftGze823ecnAd8DGdbjIgaxagLVjfr5wfMR7fciHfMuUes2fec+oeMq0dse4dsLAdbvHc7TK
        """),
  ]
}
