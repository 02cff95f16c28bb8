### 페이지에 보이는 모든 글, 한국어. en.ftl과 키와 인자가 같으며, 테스트가 둘을 비교합니다.
### `코드`는 백틱, **굵은 글씨**는 별표 두 개 사이에 둡니다. 크기는 Docker가 출력하는 그대로 들어옵니다.

## 페이지

page-title = Layerlab: Docker 이미지 레이어란 무엇인가
not-kept = 이 브라우저는 설정을 저장하지 않습니다. 테마와 언어는 페이지를 닫을 때까지만 유지됩니다.
skip-to-stack = 스택으로 건너뛰기
panes = 영역
editor = 편집기
stack = 스택
inspector = 살펴보기
theme = 테마
theme-system = 시스템
theme-light = 밝게
theme-dark = 어둡게

look = 모양
type-size = 글자
size-normal = 보통
size-large = 크게(프로젝터용)
share = 공유
embed = 삽입
shortcuts = 키보드 단축키
close = 닫기
open-in-layerlab = Layerlab에서 열기
link-refused = 링크가 잘렸거나 손상되어 담긴 내용을 읽을 수 없습니다.

share-title = 지금 보는 내용 공유
share-text = 링크에는 Dockerfile과 빌드 컨텍스트가 들어 있습니다. 둘 다 `#` 뒤에 있어 브라우저가 서버로 보내지 않습니다.
share-link = 링크
picture-title = 스택 그림
embed-title = 다른 페이지에 삽입
embed-text = 이 내용의 스택을 프레임으로 보여 줍니다. 독자가 그 안에서 고쳐 볼 수 있습니다.
embed-frame = 프레임
embed-element-text = 또는 코드 블록을 프레임으로 바꿉니다. JavaScript가 꺼져 있어도 코드는 그대로 읽을 수 있습니다.
embed-element = 코드 블록
copy = 복사
copied = 복사했습니다.
copy-by-hand = 브라우저가 클립보드를 허용하지 않습니다. Ctrl+C를 누르세요.
keys-everywhere = 어디서나(입력 중에는 제외)
keys-in-controls = 컨트롤 안에서
keys-on = 단축키 사용
keys-stack = 스택 오르내리기
keys-base = 베이스 펼치기/접기
keys-slider = 빌드 단계 이동
keys-leave = 편집기에서 나가기
key-help = 이 목록 보기
key-play = 빌드 재생 또는 일시정지
key-count = 레이어를 Docker 1.10 이전 방식이나 지금 방식으로 세기
key-editor = 편집기로 이동
key-stack = 스택으로 이동
key-inspector = 인스펙터로 이동
key-share = 공유

## 예제

example = 예제: { $name }
examples = 예제
samples = 예제 애플리케이션
sample-node = Node 애플리케이션
sample-python = Python 애플리케이션
sample-go = Go 애플리케이션
sample-java = Java 애플리케이션
sample-rust = Rust 애플리케이션
sample-static = 정적 사이트
example-six-layers = 여섯 레이어
example-six-layers-about = RUN 여섯 줄, 그리고 파일을 지워도 용량이 줄지 않는 이유
example-one-layer = RUN 하나, 레이어 하나
example-one-layer-about = 같은 명령을 &&로 이으면 약 4 MB가 줄어듭니다
example-cached = 캐시에서 가져오기
example-cached-about = 마지막 줄만 바뀌어 그 레이어만 다시 빌드합니다
example-shared = 공유하는 레이어
example-shared-about = 앞부분이 같은 두 Dockerfile은 같은 레이어를 씁니다
example-stages = 스테이지
example-stages-about = COPY --from이 가져온 것만 이미지에 들어갑니다

## 곳곳에서 쓰는 말

layer = 레이어
layer-word = 레이어
step-word = 단계
step = 단계
base = 베이스
the-base-image = 베이스 이미지
layer-named = 레이어 { $name }
layers-named = 레이어 { $list }
list-and = { $first }, { $last }
layers-count = 레이어 { $n }개
entries = 항목 { $n }개
files-count = 파일 { $n }개
copies-count = 사본 { $n }개
and-more = 외 { $n }개
line = { $line }번째 줄
size = 크기
mode = 모드
owner = 소유자
name = 이름
none = 없음
live = 유효
wasted = 낭비
shadowed = 가려짐
deleted = 삭제됨
whiteout = 화이트아웃
opaque = 불투명
modelled = 추정
not-simulated = 시뮬레이션 안 함
failed = 실패
exit-code = 종료 코드 { $code }
exit-code-sentence = 종료 코드 { $code }.
no-layer = 레이어 없음
stage-named = 스테이지 { $name }
stage-number = 스테이지 { $n }

## 장부

ledger = 이미지 크기
ledger-size = 이미지 크기 · { $layers }
ledger-size-from = 이미지 크기 · { $layers } ({ $base } { $n }개 포함)
ledger-so-far = 여기까지 · { $layers }
no-image-yet = 아직 이미지가 없습니다
no-image = 이미지 없음
bracket-live = 유효 { $size }
bracket-wasted = 낭비 { $size }
bracket-behind = 제외 { $size }
bar-said = 전체 { $size } 중 유효 { $live }, 가려짐 { $shadowed }, 삭제됨 { $deleted }
base-image = 베이스 이미지
your-layers = 내 레이어
not-in-image = 이미지에 없음
nothing-to-save = 줄일 것이 없습니다
merge-runs = RUN 줄 합치기
move-removal = rm을 위로 옮기기
save-bytes = { $size } 절약
failed-step = 전체 { $steps }단계 중 { $step }단계 실패
failed-stopped = { $line }번째 줄에서 빌드가 멈췄습니다.
failed-kept = { $n ->
    [0] 그전에 완성된 레이어는 없습니다.
   *[other] 완성된 레이어 { $n }개({ $size })는 빌드 캐시에 남아 있으므로, 다음 빌드는 거기서 시작합니다.
}
failed-kept-with-base = { $n ->
    [0] { $base } 이미지({ $basesize })는 디스크에 남아 있지만, 완성된 내 레이어는 없습니다.
   *[other] 완성된 레이어 { $n }개({ $size })와 { $base } 이미지({ $basesize })는 빌드 캐시에 남아 있으므로, 다음 빌드는 거기서 시작합니다.
}
go-to-line = { $line }번째 줄로 가기

## 편집기와 빌드 컨텍스트

files-of-project = 파일
context = 컨텍스트
text-of = { $path } 내용
leaves-editor = 편집기 나가기
no-warnings = 검사 경고 없음
one-failed-step = 실패한 단계 1개
errors = 오류 { $n }개
check-warnings = 검사 경고 { $n }개
mend = 고치기
mend-remove = 지우기
mend-change = { $text } 항목으로 바꾸기
did-you-mean = `{ $suggestion }` 아닌가요?
context-note = 이 파일들이 **빌드 컨텍스트**입니다. `COPY`와 `ADD`는 여기에 있는 파일만 가져올 수 있습니다. 업로드되는 것은 없습니다.
context-empty = 빌드 컨텍스트가 비어 있습니다.
new-file-path = 새 파일의 경로
add-file = 파일 추가
path-refused = 경로는 상대 경로여야 하고, . 이나 .. 을 넣을 수 없으며, 이미 있는 이름은 쓸 수 없습니다.
delete-file = { $path } 삭제
context-tools = 컨텍스트 파일
add-files = 파일 추가 …
add-folder = 폴더 추가 …
rename = 이름 바꾸기
delete = 삭제
rename-file = { $path } 이름 바꾸기
new-path-of = { $path }의 새 경로
drop-here = 여기에 파일을 끌어다 놓거나 위에서 추가하세요.
files-refused = 추가하지 못한 파일: { $files }. 컨텍스트의 크기는 { $limit }까지이며, 폴더는 버튼으로 추가할 수 있습니다.
not-text = 텍스트 파일이 아닙니다({ $size }).
context-sum = 파일 { $n }개, { $size }.
context-left-out = { $n ->
    [0] .dockerignore로 제외되는 파일은 없습니다.
   *[other] .dockerignore로 { $n }개({ $size })가 제외되고, 빌드에는 { $rest }가 전달됩니다.
}
executable = 실행 가능
ignored = 제외됨
placeholder = 대체 파일
context-lacks = 빌드 컨텍스트에 { $path }{ $more ->
    [0] { "" }
   *[other] { " " }외 { $more }개 파일
  }이(가) 없습니다.
add-placeholders = 대체 파일 넣기
cm-find = 찾기
cm-replace = 바꾸기
cm-next = 다음
cm-previous = 이전
cm-all = 모두
cm-match-case = 대소문자 구분
cm-regexp = 정규식
cm-by-word = 단어 단위
cm-replace-one = 바꾸기
cm-replace-all = 모두 바꾸기
cm-close = 닫기
cm-go-to-line = 줄로 가기
cm-go = 가기
cm-completions = 자동 완성
cm-fold = 접기
cm-unfold = 펼치기
cm-folded = 접힌 줄
cm-diagnostics = 진단
cm-no-diagnostics = 진단 없음

## 편집기의 자동 완성과 설명

step-named = { $step }단계
makes-a-layer = 레이어를 만듦
makes-no-layer = 메타데이터, 레이어 없음
a-stage = 스테이지
an-image = 이미지
a-file = 파일
a-variable = 변수
a-command = 시뮬레이션하는 명령
layer-rule-one = 바뀌는 것이 없어도 레이어를 만듭니다.
layer-rule-none = 레이어를 만들지 않습니다. 이미지 설정만 바꾸며, 이력에 0B짜리 한 줄이 남습니다.
here-base = 여기서는 베이스 이미지에서 { $size }를 가져옵니다.
here-step = 여기서는 { $step }단계, { $size }: 추가 { $added }개, 변경 { $changed }개, 삭제 { $deleted }개.
about-image = 레이어 { $layers }개, { $size }인 베이스 이미지입니다.
about-ADD = 빌드 컨텍스트의 파일을 추가합니다. 아카이브는 풀어서 넣고, URL은 내려받습니다.
about-ARG = 빌드 인자를 선언합니다. 빌드하는 동안에만 쓰이고, 이미지의 환경 변수에는 남지 않습니다.
about-CMD = 컨테이너가 기본으로 실행할 명령을 정합니다.
about-COPY = 빌드 컨텍스트나 다른 스테이지, 이미지에서 파일을 복사합니다.
about-ENTRYPOINT = 컨테이너가 실행할 프로그램을 정합니다. `CMD`는 그 인자가 됩니다.
about-ENV = 이후 단계와 컨테이너에서 쓸 환경 변수를 정합니다.
about-EXPOSE = 컨테이너가 사용하는 포트를 적어 둡니다. 포트를 열지는 않습니다.
about-FROM = 이미지나 다른 스테이지, 또는 `scratch`에서 스테이지를 시작합니다. 이미지의 레이어를 그대로 쓰며, 다시 저장하지 않습니다.
about-HEALTHCHECK = 컨테이너가 제대로 동작하는지 Docker가 확인하는 방법을 정합니다.
about-LABEL = 이미지에 메타데이터를 붙입니다.
about-MAINTAINER = 작성자를 적습니다. 더 이상 권장되지 않으니 `LABEL`을 쓰세요.
about-ONBUILD = 이 이미지를 바탕으로 하는 빌드에서 실행할 명령을 남겨 둡니다. 실행도, 레이어 생성도 그 빌드에서 이루어집니다.
about-RUN = 지금까지의 레이어 위에서 명령을 실행합니다. 쓰고 바꾸고 지운 것이 레이어 하나가 되며, 아래 레이어에서 지운 것은 가려지기만 합니다.
about-SHELL = 셸 형태의 명령에 쓸 셸을 정합니다.
about-STOPSIGNAL = 컨테이너를 멈출 때 보낼 시그널을 정합니다.
about-USER = 이후 단계와 컨테이너를 실행할 사용자를 정합니다.
about-VOLUME = 컨테이너가 레이어 밖에 따로 보관할 디렉터리를 정합니다.
about-WORKDIR = 작업 디렉터리를 정하고, 없으면 만듭니다. 디렉터리가 이미 있어도 레이어를 만들며, `/`일 때만 만들지 않습니다.
flag-chown = 복사한 파일의 소유자, user[:group]
flag-chmod = 복사한 파일의 모드
flag-link = 아래 레이어와 무관한 레이어로 만들기
flag-keep-git-dir = 저장소의 .git 남기기
flag-checksum = 내려받은 파일의 체크섬
flag-unpack = 아카이브를 풀지 여부
flag-exclude = 제외할 파일
flag-from = 컨텍스트 대신 쓸 스테이지나 이미지
flag-parents = 상위 디렉터리 유지
flag-platform = 베이스 이미지의 플랫폼
flag-interval = 확인 간격
flag-timeout = 확인 한 번의 제한 시간
flag-start-period = 실패를 세지 않는 시작 구간
flag-start-interval = 시작 구간의 확인 간격
flag-retries = 비정상으로 볼 때까지의 실패 횟수
flag-mount = 명령이 실행되는 동안만 보이는 것
flag-network = default, none, host 중 하나
flag-security = sandbox 또는 insecure
flag-device = 장치

## 스택

layer-stack = 레이어 스택
layer-stacks = 스테이지별 레이어 스택
layers-newest-on-top = 레이어, 가장 새것이 맨 위
stages-and-layers = 스테이지와 그 레이어
previous-step = 이전 단계
next-step = 다음 단계
step-said = 전체 { $steps }단계 중 { $step }단계: { $text }
play = 빌드 재생
pause = 일시정지
count-layers = 레이어 세는 방식
age-then = 2015년: { $n }개
age-now = 지금: { $n }개
age-note = Docker **1.10**(2016년) 이전에는 FROM 다음의 모든 줄이 `MAINTAINER`와 `CMD`까지 레이어가 되었습니다. 베이스 { $base }개 + { $lines }개 = { $sum }개. 지금은 RUN, COPY, ADD, WORKDIR만 레이어를 만들고 나머지는 히스토리에 0B 행으로 남습니다.
then-layer = 당시에는 독립된 레이어
stages-skipped = 건너뜀: 이미지가 쓰지 않는 { $n ->
   *[other] 스테이지 { $n }개
}이므로 { $steps }단계는 실행되지 않습니다
metadata-0b = 메타데이터, 0B
not-run = 실행 안 됨
build-stops-here = 여기서 빌드가 멈춥니다
built-first = 첫 빌드
built-new = 새 명령
built-text = 내용 바뀜
built-variable = { $name } 바뀜
built-after = { $step }단계 다음이라 다시 빌드
built-after-base = 베이스 다음이라 다시 빌드
built-file = { $path } 바뀜
built-files = { $path } 외 { $more }개 바뀜
built-base = 베이스 바뀜
built-evicted = 캐시에서 밀려남
count-added = 추가 { $n }개
count-changed = 변경 { $n }개
count-deleted = 삭제 { $n }개
stored-again-n = 다시 저장 { $n }
count-again = 그대로 다시 저장 { $n }개
copied-up = 파일 { $n }개 카피업
also-in = 이미지 { $image }에도 있음
cell-shadowed = 가려짐:
cell-deleted = 삭제됨, 여전히 저장:
cell-lid = 화이트아웃, 가리는 대상:
cell-opaque = 불투명 화이트아웃, 아래를 모두 가림:
sight-found = { $layer }에서 찾음
sight-hidden = 찾을 수 없음: { $layer }의 화이트아웃이 가림
sight-opaque = 찾을 수 없음: { $layer }에서 디렉터리를 새로 만듦
sight-absent = 찾을 수 없음: 어느 레이어에도 없음
writable-layer = 쓰기 가능 레이어
writable-note = 컨테이너를 실행하면 생깁니다. 아직 쓴 것이 없습니다
scratch-ground = scratch: 베이스 없이 빈 상태에서 시작합니다
layer-of = 레이어 { $n }/{ $of }
final-stage = 최종
stage-final = 스테이지 { $n }, 이미지가 됩니다, { $steps }단계
stage-behind = 스테이지 { $n }, 이미지에 들어가지 않습니다, { $steps }단계
legend-deleted = 삭제됨, 여전히 저장
legend-whiteout = 화이트아웃, 0B
legend-thickness = 두께: 크기의 로그
stale-line = { $line }번째 줄을 해석할 수 없습니다.
stale-text = 내용을 해석할 수 없습니다.
stale-unbuilt-line = { $line }번째 줄을 빌드할 수 없습니다.
stale-unbuilt = 이 내용은 빌드할 수 없습니다.
stale-last-good = 마지막으로 성공한 빌드를 보여 드립니다. 내용을 고치면 바로 갱신됩니다.
of-last-good = 마지막으로 성공한 빌드입니다.
loading-data = 베이스 이미지 데이터를 불러오는 중입니다 …
worker-restarted = 엔진이 멈춰서 다시 시작했습니다. 작성한 내용은 그대로이고, 빌드 캐시만 비워졌습니다.
worker-failed = 이 브라우저에서는 엔진을 시작할 수 없습니다. WebAssembly와 Web Worker가 필요합니다.
empty-head = 아직 빌드할 것이 없습니다.
empty-text = `FROM busybox`라고 입력해 보세요. 그 레이어가 여기에 나타납니다. 그 아래의 RUN, COPY, ADD, WORKDIR마다 레이어가 하나씩 쌓입니다.
empty-broken-head = 아직 보여 드릴 그림이 없습니다.
empty-broken-text = 내용을 해석할 수 있게 되면 레이어가 여기에 나타납니다.
starting-head = 엔진을 시작하는 중입니다 …
starting-text = 잠시 후 레이어가 여기에 나타납니다.

## 살펴보기

changes = 변경
files = 파일
tar = Tar
history = 이력
inspect = Inspect
log = 로그
waste = 낭비
inspector-empty = 단계를 선택하면 무엇이 바뀌었는지 볼 수 있습니다.
digest-pending = 계산하는 중
digest-not-computed = 다이제스트를 계산하지 않음

## 변경

changes-against = { $layer }와 비교한 변경
changes-of-step = { $step }단계의 변경
mark-added = 추가
mark-changed = 변경
mark-deleted = 삭제
mark-stored-again = 바뀌지 않고 다시 저장됨
stored-again-head = 바뀌지 않고 다시 저장됨
stored-again-note = docker diff에는 없지만 레이어에는 들어 있습니다
why-gained = 이름 하나가 늘어남
why-lost = 이름 하나가 빠짐
why-below = 아래에서 바뀜
why-mode = 모드 { $from } → { $to }
why-owner = 소유자 { $from } → { $to }
why-content = 내용 바뀜
why-time = 시각 바뀜
why-again = 바뀌지 않고 다시 저장됨
why-opaque = 새로 만듦: 들어 있던 것을 가림
why-link = → { $target }
whiteout-0b = 화이트아웃 · 0B
hidden-by-opaque = 새 디렉터리가 가림 · 0B
still-stored-below = 여기서는 숨겨지지만 아래에 그대로 저장되어 있습니다
still-in-image = 이미지에 여전히 포함
as-stored = 레이어에 저장된 모습
whiteout-on-disk = 디스크에서 overlay2는 화이트아웃을 문자 장치 0/0으로 둡니다.
cause-written = { $command } 명령이 씀
cause-copied-up = { $command } 명령이 카피업함
cause-copied = { $keyword } 명령이 넣음
cause-base = 베이스 이미지에 있던 것
cause-line = { $cause }, { $line }번째 줄
stored-dir = 디렉터리
stored-file = 파일, { $size }
stored-symlink = { $target } 심볼릭 링크
stored-hardlink = { $target } 하드 링크
stored-whiteout = 빈 파일: 화이트아웃
stored-opaque = 빈 파일: 불투명 화이트아웃
kind-other = 특수 파일

because-freed-nothing = `{ $command }` 명령으로 줄어든 용량은 없습니다.
because-freed-nothing-evidence = 레이어는 아래 레이어를 바꿀 수 없습니다. { $layer }에는 `{ $path }` { $more ->
    [0] 파일을 가리는 화이트아웃만 저장되고
   *[other] 외 { $more }개를 가리는 화이트아웃만 저장되고
}, { $ship }에는 그 내용이 그대로 남아 있습니다({ $count }개, { $size }).
because-copied-up = 파일 { $files }개가 통째로 카피업되었습니다.
because-copied-up-evidence = `{ $command }` 명령이 아래 레이어의 파일 { $files }개를 바꿨습니다. overlayfs는 파일의 일부만 바꿀 수 없어서 파일 전체를 다시 저장합니다: { $size }.{ $unchanged ->
    [0] {""}
   *[other] {" "}그중 { $unchanged }개는 바뀐 것조차 없습니다.
}
because-wrote = { $added ->
    [0] 이 단계가 저장한 크기는 { $size }입니다.
   *[other] 이 단계에서 항목 { $added }개가 추가되었습니다.
}
because-wrote-evidence = 이 레이어에는 이 단계가 쓴 것만 들어 있고, 전에 있던 것은 들어 있지 않습니다: { $size }.
because-only-names = 0B짜리 레이어입니다.
because-only-names-evidence = { $added ->
    [0] 이름과 속성만 바뀌었습니다.
   *[other] 디렉터리와 링크 { $added }개가 새로 생겼습니다.
} 이런 것은 용량을 차지하지 않지만, 레이어는 만들어집니다.
because-empty-layer = 바뀐 것이 없어도 레이어가 생깁니다.
because-empty-layer-evidence = { $keyword } 명령은 언제나 레이어를 만듭니다. 비어 있어도 마찬가지입니다.
because-metadata = { $keyword } 명령은 레이어를 만들지 않습니다.
because-metadata-evidence = 이미지 설정만 바꿉니다. 이력에 0B짜리 한 줄이 남고, 파일은 저장되지 않습니다.
because-base = FROM으로 들어온 레이어 { $layers }개입니다.
because-base-evidence = { $name } 이미지에는 레이어 { $layers }개, 항목 { $entries }개, { $size }가 들어 있습니다. 이 이미지를 바탕으로 만든 모든 이미지가 함께 쓰므로, 디스크에는 한 번만 저장됩니다.
because-scratch = FROM scratch에는 아무것도 없습니다.
because-scratch-evidence = 내 첫 레이어가 맨 아래 레이어가 됩니다.
because-copied-across = 복사한 것만 넘어옵니다.
because-copied-across-evidence = 스테이지 { $stage }의 { $of } 중에서 이 단계가 가져오는 것은 { $taken }입니다. 나머지는 두고 갑니다.
because-failed-run = 단계가 실패했으므로 레이어가 없습니다.
because-failed-run-evidence = RUN이 0이 아닌 코드로 끝나면 그 스테이지는 거기서 멈춥니다.{ $n ->
    [0] {""}
   *[other] {" "}그 뒤의 { $n }단계는 실행되지 않았습니다.
}
because-failed = 단계가 실패했으므로 레이어가 없습니다.
because-failed-evidence = 빌드는 첫 오류에서 멈춥니다.{ $n ->
    [0] {""}
   *[other] {" "}그 뒤의 { $n }단계는 실행되지 않았습니다.
}
because-not-run = 이 단계는 실행되지 않았습니다.
because-not-run-evidence = { $step }단계가 실패해서 빌드가 거기서 멈췄습니다.
because-not-needed = 이 단계는 실행되지 않았습니다.
because-not-needed-evidence = 이 스테이지에서 이미지로 가져가는 것이 없습니다.
because-not-simulated = `{ $command }` 명령이 하는 일은 시뮬레이션하지 않습니다.
because-not-simulated-evidence = 프로그램은 이미지에 있지만, 이 페이지는 실제 프로그램을 실행하지 않습니다. 그 명령이 썼을 내용이 빠져 있으므로, 여기부터의 크기는 최솟값입니다.

## 파일과 조회

filesystem-at = { $step }단계의 병합된 파일 시스템
filesystem-of-base = 베이스 이미지의 파일 시스템
hidden-files = 숨겨진 파일
filter = 거르기
filter-by-path = 경로로 거르기
filter-by-change = 변경으로 거르기
filter-by-size = 크기로 거르기
all-changes = 모든 변경
all-sizes = 모든 크기
largest-first = 큰 것부터
rows-count = { $n }줄
selected-path = 선택한 경로
content = 내용
content-of = { $path }의 내용
content-first = { $size } 중 처음 { $shown }
content-empty = 빈 파일입니다.
content-not-held = 이 이미지의 목록에는 파일의 크기와 다이제스트만 있고, 내용은 없습니다.
lookup-of = `{ $path }` 조회
from-the-top = 위에서 아래로
nothing-written = 쓴 것 없음
no-such-name = 그런 이름 없음
opaque-directory = 새 디렉터리가 아래를 모두 가림
not-looked-at = 찾아보지 않음
miss = 없음
hit = 찾음
merged = 병합
stop = 중단
lookup-found = 그 이름이 있는 첫 레이어가 이깁니다.
lookup-over-copies = 그 이름이 있는 첫 레이어가 이깁니다. 아래의 사본은 그대로 저장되어 있지만 아무도 읽을 수 없습니다.
lookup-merged = 디렉터리는 병합됩니다. 그 안의 이름은 하나씩 따로 찾습니다.
lookup-hidden = 화이트아웃에서 조회가 멈추므로 파일은 없는 것이 됩니다. 아래의 사본은 그대로 저장되어 있습니다.
lookup-absent = 이 이름은 어느 레이어에도 없습니다.

## 낭비

waste-of-image = 이미지의 낭비
waste-of = { $size } 중 { $wasted }
waste-head = { $size }가 저장되어 있지만 읽을 수 없습니다.
waste-evidence = 아래 사본은 모두 이미지에 들어 있지만, 최종 파일 시스템에는 하나도 없습니다.
waste-none = 낭비가 없습니다.
waste-none-evidence = 저장된 모든 바이트가 최종 파일 시스템에 있습니다.
waste-caption = 파일과 레이어별 낭비된 바이트
stored-in = 저장된 곳
why-there = 저장된 까닭
out-of-reach = 읽을 수 없게 된 곳
new-copy = 새 사본
every-byte = 이미지의 모든 바이트를 한 번씩
duplicates = 여러 번 저장된 내용
duplicates-note = 같은 내용이며, 합계에는 들어가지 않습니다
stored-times = { $size }, { $n }번
where-to-save = 줄일 수 있는 곳
mend-merge = { $first }번째 줄부터 { $last }번째 줄까지의 RUN을 하나로 합치세요.
mend-merge-why = 한 RUN 안에서 쓰고 바꾸고 지운 것은 마지막 모습으로 한 번만 저장됩니다.
mend-move = { $from }번째 줄의 rm을 { $to }번째 줄의 RUN 안으로 옮기세요.
mend-move-why = 파일을 쓴 RUN 안에서 바로 지우면 처음부터 저장되지 않습니다.
now = 지금
now-size = 지금 { $size }
merged-runs = 합친 뒤
merged-size = 합친 뒤 { $size }
merge-in-editor = 편집기에서 합치기
move-in-editor = 편집기에서 옮기기
mend-saves = { $size } 절약 · Ctrl+Z로 되돌리기

## Tar

tar-head = 레이어는 tar 아카이브입니다.
tar-evidence = 이 단계가 추가하거나 바꾼 항목, 그리고 지운 이름마다 .wh.로 시작하는 빈 파일이 들어 있습니다.
tar-none = 아카이브가 없습니다.
tar-none-evidence = 이 단계는 레이어를 만들지 않으므로 저장하는 파일이 없습니다.
tar-empty = 아카이브가 비어 있습니다.
tar-caption = 레이어 아카이브의 항목
diff-id = Diff ID
diff-id-note = 압축하지 않은 아카이브의 SHA-256입니다. 실제 빌드는 다른 시각을 기록하므로 다이제스트가 다릅니다.

## 이력, inspect, 로그

history-head = 레이어가 있는 줄 { $layers }개, 없는 줄 { $empty }개.
history-evidence = `docker history`의 출력이며, 새것이 위에 있습니다. 레이어가 없는 0B 줄은 설정만 바꾼 것입니다.
history-missing = `<missing>`은 오류가 아닙니다. 이미지 ID는 이미지 전체에 붙는 이름이어서 맨 위 줄에만 있습니다. 아래 줄들은 레이어를 나타내며, 레이어에는 대신 다이제스트가 있습니다.
inspect-head = ENV와 CMD가 있는 곳입니다.
inspect-evidence = docker image inspect가 보여 주는 이미지 설정과 레이어 목록입니다. 선택한 단계가 정한 값은 굵게 표시됩니다.
build-log = 빌드 로그

## 빌드가 바꾼 것, 화면 낭독기용

said-built = 빌드했습니다. { $size }, 레이어 { $layers }개, 낭비 { $wasted }.
said-layer = 레이어 { $step }: { $said }, 용량 { $size } 증가.
said-adds = 파일 { $n }개 추가
said-changes = { $n }개 변경
said-hides = { $n }개 가림
said-nothing = 변경 없음
said-failed = { $line }번째 줄, { $step }단계에서 빌드가 실패했습니다.

## 진단, 코드별. 여기에 없는 것은 Docker의 말 그대로 보여 줍니다. 제안이 있으면 "아닌가요?"가 덧붙습니다.

diagnostic-modelled = 추정: { $message }
diagnostic-not-simulated = 시뮬레이션 안 함: { $message }
diagnostic-placeholder = 대체 파일: { $message }

diagnostic-empty-dockerfile = Dockerfile이 비어 있습니다.
diagnostic-no-instructions = Dockerfile에 명령이 없습니다.
diagnostic-unterminated-heredoc = heredoc이 닫히지 않았습니다. `{ $name }`만 있는 줄이 필요합니다.
diagnostic-duplicate-directive = `{ $name }` 지시자는 한 번만 쓸 수 있습니다.
diagnostic-invalid-escape = `{ $value }` 문자는 이스케이프 문자로 쓸 수 없습니다. 백슬래시나 백틱을 쓰세요.
diagnostic-line-too-long = 줄이 너무 깁니다. Docker는 65,535바이트까지만 읽습니다.
diagnostic-missing-value = `{ $instruction }` 명령에는 이름과 값이 필요합니다.
diagnostic-missing-equals = `{ $word }` 부분에 `=`이 없습니다. 이름=값 형태로 쓰세요.
diagnostic-not-a-string-array = JSON 배열에는 문자열만 넣을 수 있습니다.
diagnostic-dockerfile-too-large = Dockerfile이 너무 큽니다. { $bytes }바이트이며, 여기서는 { $limit }바이트까지 읽습니다.

diagnostic-unknown-instruction = `{ $name }` 명령은 없습니다.
diagnostic-unknown-flag = `--{ $flag }` 플래그는 없습니다.
diagnostic-duplicate-flag = `--{ $flag }` 플래그가 두 번 쓰였습니다.
diagnostic-missing-flag-value = `--{ $flag }` 플래그에 값이 필요합니다.
diagnostic-flag-not-boolean = `--{ $flag }` 플래그의 값은 true나 false여야 하며, `{ $value }` 값은 쓸 수 없습니다.
diagnostic-at-least-one-argument = `{ $instruction }` 명령에는 인자가 하나 이상 필요합니다.
diagnostic-exactly-one-argument = `{ $instruction }` 명령에는 인자가 정확히 하나 필요합니다.
diagnostic-no-destination = `{ $instruction }` 명령에는 원본과 대상이 모두 필요합니다.
diagnostic-heredoc-as-destination = `{ $instruction }` 명령의 대상은 heredoc이 될 수 없습니다.
diagnostic-blank-name = `{ $instruction }` 명령에서 `=` 앞에 이름이 없습니다.
diagnostic-from-arguments = `FROM` 뒤에는 이미지 하나, 또는 이미지와 `AS`와 이름이 옵니다.
diagnostic-invalid-stage-name = `{ $name }` 이름은 스테이지에 쓸 수 없습니다. 글자로 시작해야 하고, 글자, 숫자, `-`, `_`, `.`만 쓸 수 있습니다.
diagnostic-not-json = `{ $instruction }` 명령의 인자는 JSON 배열이어야 합니다.
diagnostic-empty-volume = `VOLUME` 경로가 비어 있습니다.
diagnostic-chained-onbuild = `ONBUILD` 안에는 `ONBUILD`를 넣을 수 없습니다.
diagnostic-onbuild-trigger = `ONBUILD` 안에는 `{ $instruction }` 명령을 넣을 수 없습니다.
diagnostic-healthcheck-type = `HEALTHCHECK` 뒤에는 `CMD`나 `NONE`이 와야 하며, `{ $name }` 값은 쓸 수 없습니다.
diagnostic-healthcheck-without-command = `HEALTHCHECK CMD` 뒤에 명령이 없습니다.
diagnostic-healthcheck-none-arguments = `HEALTHCHECK NONE`에는 인자가 없습니다.
diagnostic-interval-too-short = `{ $flag }` 값은 1ms보다 작을 수 없습니다.
diagnostic-negative-retries = `--retries` 값은 음수일 수 없습니다({ $retries }).
diagnostic-invalid-network = `{ $mode }` 네트워크 모드는 없습니다.
diagnostic-invalid-security = `{ $mode }` 보안 모드는 없습니다.
diagnostic-mount-from-variable = 마운트의 `from=`에는 변수를 쓸 수 없습니다. 대신 스테이지를 정의하세요.

diagnostic-unclosed-single-quote = { $word } 부분에서 작은따옴표가 닫히지 않았습니다.
diagnostic-unclosed-double-quote = { $word } 부분에서 큰따옴표가 닫히지 않았습니다.
diagnostic-missing-brace = { $word } 부분에서 변수의 닫는 중괄호가 없습니다.
diagnostic-missing-slash = { $word } 부분에서 치환의 두 번째 빗금이 없습니다.
diagnostic-bad-substitution = { $word } 부분의 치환이 올바르지 않습니다.
diagnostic-unsupported-modifier = Docker는 { $word } 부분의 `{ $modifier }` 수식어를 지원하지 않습니다.
diagnostic-required-variable = `{ $name }` 변수가 꼭 필요합니다.
diagnostic-expansion-too-deep = { $word } 부분의 치환이 { $limit }단계보다 깊습니다.
diagnostic-expansion-too-long = { $word } 부분을 펼친 결과가 { $limit }바이트보다 깁니다.

diagnostic-no-build-stage = `ARG`를 제외하면 첫 명령은 `FROM`이어야 합니다.
diagnostic-no-stages = `FROM`이 없어서 빌드할 것이 없습니다.
diagnostic-blank-base-name = `FROM` 뒤의 이름이 비어 있습니다: { $name }.
diagnostic-unknown-target = `{ $target }` 스테이지는 없습니다.
diagnostic-variable-in-from = `--from`에는 변수를 쓸 수 없습니다. 대신 전역 `ARG`와 `FROM`으로 스테이지를 정의하세요.
diagnostic-invalid-stage-index = { $index }번 스테이지는 없습니다.
diagnostic-circular-dependency = `{ $stage }` 스테이지가 자기 자신에 의존합니다.
diagnostic-not-defined-before = `{ $from }` 스테이지는 뒤에 나옵니다. 앞에 나온 스테이지에서만 복사할 수 있습니다.

diagnostic-StageNameCasing = 스테이지 이름 `{ $name }`에는 소문자를 쓰는 것이 좋습니다.
diagnostic-FromAsCasing = `{ $keyword }` 키워드와 `{ $from }` 키워드의 대소문자를 맞추는 것이 좋습니다.
diagnostic-NoEmptyContinuation = 명령 안의 빈 줄은 앞으로 오류가 됩니다.
diagnostic-ConsistentInstructionCasing = `{ $command }` 명령의 대소문자를 다른 명령에 맞추는 것이 좋습니다({ $casing }).
diagnostic-DuplicateStageName = 스테이지 이름 `{ $name }`이 두 번 쓰였습니다.
diagnostic-ReservedStageName = `{ $name }` 이름은 예약되어 있어서 스테이지에 쓰지 않는 것이 좋습니다.
diagnostic-JSONArgsRecommended = `{ $instruction }` 명령은 JSON 배열로 쓰는 것이 좋습니다. 이 형태에서는 셸이 사이에 끼어 신호가 프로그램에 전달되지 않습니다.
diagnostic-MaintainerDeprecated = `MAINTAINER`는 더 이상 권장되지 않습니다. `LABEL`을 쓰세요.
diagnostic-UndefinedArgInFrom = `FROM`의 인자 `{ $name }`이 선언되지 않았습니다.
diagnostic-WorkdirRelativePath = 상대 경로 `{ $path }`의 뜻은 베이스 이미지의 작업 디렉터리에 따라 달라집니다.
diagnostic-UndefinedVar = `{ $name }` 변수가 정의되지 않았습니다.
diagnostic-MultipleInstructionsDisallowed = 한 스테이지에서는 마지막 `{ $instruction }` 명령만 쓰입니다.
diagnostic-LegacyKeyValueFormat = `{ $instruction } key value` 대신 `{ $instruction } key=value` 형태로 쓰세요.
diagnostic-RedundantTargetPlatform = `{ $expression }` 값은 기본 플랫폼이므로 쓸 필요가 없습니다.
diagnostic-SecretsUsedInArgOrEnv = `{ $instruction } { $name }` 값은 비밀 정보로 보입니다. 이미지를 가진 사람은 누구나 읽을 수 있습니다.
diagnostic-InvalidDefaultArgInFrom = 인자 `{ $name }`의 기본값으로는 올바른 이미지 이름이 되지 않습니다.
diagnostic-FromPlatformFlagConstDisallowed = `FROM`의 플랫폼을 `{ $platform }` 값으로 고정하지 않는 것이 좋습니다.
diagnostic-CopyIgnoredFile = `{ $command }` 대상인 `{ $file }` 파일은 .dockerignore에서 제외되어 있습니다.
diagnostic-ExposeInvalidFormat = `EXPOSE`에는 IP 주소나 호스트 포트를 쓸 수 없습니다: `{ $port }`.
diagnostic-ExposeProtoCasing = `{ $port }`의 프로토콜에는 소문자를 쓰는 것이 좋습니다.

diagnostic-image-not-found = `{ $reference }` 이미지는 없습니다.
diagnostic-image-denied = `{ $reference }` 이미지는 없거나, 로그인이 필요합니다.
diagnostic-not-in-catalogue = `{ $name }` 이미지는 이 페이지의 목록에 없습니다. Docker에서는 찾을 수도 있습니다.
diagnostic-data-missing = `{ $what }` 데이터를 불러오지 못했습니다: { $reason }. 다음에 고칠 때 다시 시도합니다.
diagnostic-tag-stands-for = `{ $asked }` 대신 이 페이지의 목록에 있는 `{ $used }` 버전을 씁니다.
diagnostic-source-not-found = `{ $path }` 파일은 빌드 컨텍스트에 없습니다.
diagnostic-bad-url = 내려받을 수 있는 URL이 아닙니다: { $message }.
diagnostic-no-arguments = RUN의 목록이 비어 있습니다: 실행할 프로그램이 없습니다.
diagnostic-lesson-cleanup = 여기서 지운 것은 아래 레이어에 그대로 남습니다: { $size }. 만든 `RUN`에서 지우세요.
diagnostic-lesson-copied-up = `{ $command }` 명령이 아래 레이어의 파일을 다시 저장합니다: { $size }. 파일을 만들 때 권한과 소유자를 정하세요. `COPY --chmod`와 `--chown`을 쓸 수 있습니다.
diagnostic-lesson-update-alone = `RUN`에 `{ $command }` 명령만 있습니다. 뒤의 설치가 바뀌어도 캐시는 이 목록({ $size })을 그대로 씁니다. 둘을 한 `RUN`에 넣으세요.
diagnostic-lesson-lists-left = `{ $path }` 경로가 레이어에 남습니다: { $size }. 같은 `RUN`에서 지우세요.
diagnostic-lesson-copy-before-install = 파일이 하나만 바뀌어도 `{ $install }` 명령을 다시 실행합니다({ $size }). 이 명령이 읽는 파일을 먼저 복사하고 나머지는 그 뒤에 복사하세요.
diagnostic-lesson-secret = `{ $path }` 파일({ $size })은 뒤의 레이어에서 지워도 이미지를 가진 사람이면 누구나 읽을 수 있습니다. `RUN --mount=type=secret`을 쓰세요.
diagnostic-lesson-add-for-copy = `ADD`는 아카이브를 풀고 URL도 내려받습니다. 이 파일들({ $size })에는 `COPY`면 충분합니다.
diagnostic-lesson-unpinned-base = `{ $image }` 이름은 내일 다른 이미지가 될 수 있고, 그 { $size }도 바뀝니다. 버전을 적으세요.
diagnostic-secret-not-found = `{ $id }` 시크릿은 없습니다.
diagnostic-process-not-started = { $process } 프로세스를 시작할 수 없습니다: { $reason }.
diagnostic-too-many-commands = 여기서 시뮬레이션을 멈춥니다. 빌드 한 번의 명령은 { $limit }개까지입니다.
diagnostic-too-much-nesting = 여기서 시뮬레이션을 멈춥니다. 중첩은 { $limit }단계까지입니다.
diagnostic-too-much-output = 여기서 시뮬레이션을 멈춥니다. RUN 하나의 출력은 { $limit }바이트까지입니다.
diagnostic-too-many-bytes = 여기서 시뮬레이션을 멈춥니다. 파일과 이미지의 크기는 { $limit }바이트까지입니다.
diagnostic-too-many-entries = 여기서 시뮬레이션을 멈춥니다. 한 단계의 항목은 { $limit }개까지입니다.

# 이미지: 연 아카이브와 만든 아카이브.
images = 이미지
images-choose = 이미지 아카이브
images-about = `docker save`나 `podman save`로 만든 파일, tar로 묶은 OCI 레이아웃, 루트 파일 시스템(`docker export`)을 열 수 있습니다. 파일은 브라우저 안에서만 읽고 어디에도 올리지 않습니다. 페이지 아무 곳에나 끌어다 놓아도 됩니다.
images-progress = { $total } 중 { $done }
images-line = 레이어 { $layers }개, { $size }
images-show = 레이어 보기
images-export = 이미지 가져가기
images-export-about = 지금 빌드된 이미지를 저장합니다. 직접 연 레이어는 원래 바이트를 그대로 유지합니다. 카탈로그의 베이스 이미지에는 파일 내용이 없으므로 그 위에 만든 이미지는 저장할 수 없습니다.
images-docker = docker load용
images-oci = OCI 레이아웃
images-save = 저장({ $size })
cancel = 취소
